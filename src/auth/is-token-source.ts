import type { TokenSource } from "./token-source.js";

/** Returns true for an object with the method of a token source. */
export function isTokenSource(value: unknown): value is TokenSource {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as TokenSource).token === "function"
  );
}
