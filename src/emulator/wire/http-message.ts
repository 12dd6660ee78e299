/** A header field. The name is in lower case. */
export type HeaderField = readonly [name: string, value: string];

/** An ordered list of header fields. A name may occur more than once. */
export type HeaderList = readonly HeaderField[];

/**
 * The number of bytes of a body that the emulator reads. The services reject messages above 4 MiB of protobuf, well below this
 * limit, with their own error.
 */
export const maxBodyBytes: number = 16 * 1024 * 1024;

/** A complete HTTP request, the input of each wire protocol. */
export interface WireRequest {
  readonly method: string;
  /** The request target as received: path and query, not decoded. */
  readonly target: string;
  readonly httpVersion: 1 | 2;
  /** The host and port that the client requested. */
  readonly authority: string;
  /** True if the client used https. */
  readonly secure?: boolean | undefined;
  /** True if the connection comes from this machine. */
  readonly isLocal?: boolean | undefined;
  readonly headers: HeaderList;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An HTTP response. */
export interface WireResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
  /** The fields after the body. Only gRPC has trailers. */
  readonly trailers?: HeaderList | undefined;
  /** True if the server sends the body before it knows the length, so that the response has no `content-length`. */
  readonly isStreamed?: boolean | undefined;
  /** True if the server leaves a large part of the request unread, and so ends the connection. */
  readonly isLast?: boolean | undefined;
  /** True if the response continues after `body`, until the client ends the call. */
  readonly isOpen?: boolean | undefined;
  /** True if the response has no `date`. All other responses have one. */
  readonly isUndated?: boolean | undefined;
}

/** A function that serves the endpoints besides the RPCs. Returns `undefined` for any other path. */
export type EndpointHandler = (
  request: WireRequest,
  requestId: string,
) => Promise<WireResponse> | undefined;

/** Returns the first value of a header. */
export function findFirstHeader(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each === name)?.[1];
}
