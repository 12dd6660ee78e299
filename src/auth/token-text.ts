/** Why `value` cannot be a bearer token, or undefined if it can. Never repeats it. */
export function tokenProblem(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "") {
    return "must be a token: text that is not empty";
  }
  if (/^bearer\s/i.test(value)) {
    return 'must be the token alone, without "Bearer"';
  }
  return /^[\x21-\x7e]+$/.test(value)
    ? undefined
    : "must not hold blanks, line breaks or non-ASCII characters; was a file's last line break read too?";
}
