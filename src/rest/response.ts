/** An HTTP response that was read to its end. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The content type, if it is known without creating `headers`. */
  readonly contentType?: string | undefined;
}
