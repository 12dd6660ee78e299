import { isPathLike, isSecretLike } from "./detect-secrets.js";

/** Returns a path in quotes for an error, or a placeholder if the path may be a secret. */
export function quotePath(path: string): string {
  return isPathLike(path) ? JSON.stringify(path) : "(not shown: it does not look like a path)";
}

/** Returns a path without quotes, as compilers name files, or a placeholder if the path may be a secret. */
export function displayPath(path: string): string {
  return isPathLike(path) ? path : quotePath(path);
}

/** Returns a value in quotes for an error, or a placeholder if the value may be a secret. */
export function quoteValue(value: string): string {
  return isSecretLike(value) ? "(not shown: it looks like a secret)" : JSON.stringify(value);
}
