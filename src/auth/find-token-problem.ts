import { findEncodingProblem } from "../utils/text-encoding.js";

/** Frequent mistakes: patterns of texts that are not a token, and the problem of each. */
const mistakes: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/^bearer\s/i, 'must be the token alone, without "Bearer"'],
  [/^\ufeff/, "must not begin with a byte order mark: save its file as UTF-8 without BOM"],
  [
    /^\s*(?:\{|-----BEGIN)/,
    "must be a token, not a key: pass a key file to serviceAccount of zitadel-idp/auth",
  ],
  [/^["'].*["']$/, "must not be in quotes"],
  [
    /[^\x21-\x7e]/,
    "must not contain spaces, line breaks or non-ASCII characters; remove the line break at the end of its file",
  ],
];

/** Returns the reason why `value` cannot be a bearer token, or undefined if it can. Never repeats the value. */
export function findTokenProblem(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") {
    return "must be a token: text that is not empty";
  }
  return findEncodingProblem(value) ?? mistakes.find(([pattern]) => pattern.test(value))?.[1];
}
