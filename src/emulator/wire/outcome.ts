import type { WireResponse } from "./exchange.js";

/** What becomes of a request: an answer, or a connection that breaks in its place. */
export type Outcome = WireResponse | Breakage;

/** How a connection breaks. Over HTTP/1.1 there are no streams: there `refuse` and `goaway` close the connection. */
export type Breakage =
  /** The connection ends as if the server were gone: with FIN, or with RST. */
  | { readonly breakage: "close" | "reset" }
  /** HTTP/2: the stream is refused, the connection stays. */
  | { readonly breakage: "refuse" }
  /** HTTP/2: the server leaves. `answer` is still given; without one the connection ends. */
  | { readonly breakage: "goaway"; readonly covered: boolean; readonly answer?: WireResponse }
  /** The connection ends within the body of the answer, after so many bytes of it. */
  | { readonly breakage: "cut"; readonly answer: WireResponse; readonly bytes: number };

/** Whether the connection breaks. */
export function isBreakage(outcome: Outcome): outcome is Breakage {
  return "breakage" in outcome;
}
