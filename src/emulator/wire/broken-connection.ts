import type { WireResponse } from "./http-message.js";

/** The outcome of a request: a response, or a broken connection. */
export type RequestOutcome = WireResponse | BrokenConnection;

/** A broken connection. HTTP/1.1 has no streams, so `refused-stream` and `goaway` close the connection there. */
export type BrokenConnection =
  /** Closes the connection as if the server were gone: with FIN (`close`) or with RST (`reset`). */
  | { readonly brokenBy: "close" | "reset" }
  /** HTTP/2: refuses the stream. The connection stays open. */
  | { readonly brokenBy: "refused-stream" }
  /** HTTP/2: sends a GOAWAY. The client still gets `response`; without `response` the connection closes if `covered`. */
  | { readonly brokenBy: "goaway"; readonly covered: boolean; readonly response?: WireResponse }
  /** Closes the connection within the body of the response, after `bytes` bytes. */
  | { readonly brokenBy: "cut"; readonly response: WireResponse; readonly bytes: number };

/** Returns true if the outcome is a broken connection. */
export function isBrokenConnection(outcome: RequestOutcome): outcome is BrokenConnection {
  return "brokenBy" in outcome;
}

/** Returns the response in an outcome, or `undefined` if the client gets none. */
export function findResponse(outcome: RequestOutcome): WireResponse | undefined {
  if (!isBrokenConnection(outcome)) {
    return outcome;
  }
  return "response" in outcome ? outcome.response : undefined;
}
