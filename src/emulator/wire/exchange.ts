/** Header fields in order, names in lower case; a name may occur more than once. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** One HTTP request, read whole, as each wire gets it. */
export interface WireRequest {
  readonly method: string;
  /** The request target as it came: path and query, nothing decoded. */
  readonly target: string;
  readonly httpVersion: 1 | 2;
  /** The host and port that the client asked for. */
  readonly authority: string;
  /** Whether the client spoke https. */
  readonly secure?: boolean;
  readonly headers: HeaderList;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** One HTTP response. */
export interface WireResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body?: Uint8Array<ArrayBuffer>;
  /** Fields behind the body. Only gRPC has them. */
  readonly trailers?: HeaderList;
}

/** Answers what is served beside the RPCs. Any other path is `undefined`. */
export type ServeBeside = (
  request: WireRequest,
  requestId: string,
) => Promise<WireResponse> | undefined;

/** The first value of a header. */
export function first(headers: HeaderList, name: string): string | undefined {
  return headers.find(([each]) => each === name)?.[1];
}
