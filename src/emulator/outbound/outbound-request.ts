/** A request of the emulator to an identity provider. */
export interface OutboundRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body of a POST. */
  readonly body?: string;
}

/** The response of an identity provider. */
export interface OutboundResponse {
  readonly status: number;
  /** The reason phrase after the status. */
  readonly statusText: string;
  readonly contentType: string;
  /** The URL of a redirect, as received. */
  readonly location: string | undefined;
  readonly body: Uint8Array;
}

/** The maximum size of a response, above the limit for valid SAML metadata. */
export const maxOutboundBytes: number = 1024 * 1024;

/** Creates the error of a response above the limit. */
export function createOutboundTooLargeError(): Error {
  return new Error(`the response is larger than ${maxOutboundBytes} bytes`);
}
