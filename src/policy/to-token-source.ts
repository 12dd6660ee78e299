import { findTokenProblem } from "../auth/find-token-problem.js";
import { isTokenSource } from "../auth/is-token-source.js";
import type { TokenSource } from "../auth/token-source.js";
import type { TokenSupplier } from "../auth/token-supplier.js";
import { createLazy } from "../call/create-lazy.js";

/**
 * Converts anything that gives tokens into a fixed token or a token source. Throws a TypeError, which never repeats a token, for
 * anything else.
 */
export function toTokenSource(source: string | TokenSupplier | TokenSource): string | TokenSource {
  if (typeof source === "function") {
    return fromSupplier(source);
  }
  if (isTokenSource(source)) {
    return source;
  }
  if (typeof source !== "string") {
    throw new TypeError("auth must be a token, a function that returns one, or a token source");
  }
  const problem = findTokenProblem(source);
  if (problem !== undefined) {
    throw new TypeError(`auth ${problem}`);
  }
  return source;
}

/** Creates a token source from a function. The code for it is loaded with the first request for a token. */
function fromSupplier(supplier: TokenSupplier): TokenSource {
  const source = createLazy(async () => {
    const { createTokenSource } = await import("../auth/token-source.js");
    return createTokenSource(supplier);
  });
  return { token: async (request) => await (await source.load()).token(request) };
}
