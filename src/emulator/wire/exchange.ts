/** An ordered list of header fields. Names are in lower case and may occur more than once. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A complete HTTP request, the input of each wire protocol. */
export interface WireRequest {
  readonly method: string;
  /** The request target as received: path and query, not decoded. */
  readonly target: string;
  readonly httpVersion: 1 | 2;
  /** The host and port that the client requested. */
  readonly authority: string;
  /** True if the client used https. */
  readonly secure?: boolean;
  readonly headers: HeaderList;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An HTTP response. */
export interface WireResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** The fields after the body. Only gRPC has trailers. */
  readonly trailers?: HeaderList;
}

/** A function that serves the endpoints besides the RPCs. Returns `undefined` for any other path. */
export type ServeBeside = (
  request: WireRequest,
  requestId: string,
) => Promise<WireResponse> | undefined;

/** Returns the first value of a header. */
export function first(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each === name)?.[1];
}
