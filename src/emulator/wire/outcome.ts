import type { WireResponse } from "./exchange.js";

/** The outcome of a request: a response, or a broken connection. */
export type Outcome = WireResponse | Breakage;

/** A broken connection. HTTP/1.1 has no streams, so `refuse` and `goaway` close the connection there. */
export type Breakage =
  /** Closes the connection as if the server were gone: with FIN (`close`) or with RST (`reset`). */
  | { readonly breakage: "close" | "reset" }
  /** HTTP/2: refuses the stream. The connection stays open. */
  | { readonly breakage: "refuse" }
  /** HTTP/2: sends a GOAWAY. The client still gets `answer`; without `answer` the connection closes if `covered`. */
  | { readonly breakage: "goaway"; readonly covered: boolean; readonly answer?: WireResponse }
  /** Closes the connection within the body of the response, after `bytes` bytes. */
  | { readonly breakage: "cut"; readonly answer: WireResponse; readonly bytes: number };

/** Returns true if the outcome is a broken connection. */
export function isBreakage(outcome: Outcome): outcome is Breakage {
  return "breakage" in outcome;
}
