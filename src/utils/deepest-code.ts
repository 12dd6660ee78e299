import { isError } from "./is-error.js";

/** Returns the deepest error code in the chain of causes: of the operating system, of TLS or of Node.js. */
export function deepestCode(error: unknown): string | undefined {
  let found: string | undefined;
  for (let each = error, depth = 0; isError(each) && depth < 10; each = each.cause, depth++) {
    if ("code" in each && typeof each.code === "string") {
      found = each.code;
    }
  }
  return found;
}
