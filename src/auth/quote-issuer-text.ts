import { redactText } from "../redact/redact-text.js";

/** The maximum length of an issuer's text in an error, in characters. The rest of the error must stay readable. */
const maxShown = 300;

/** Returns an issuer's text for use in an error: without `secrets` and control characters, and cut to 300 characters. */
export function quoteIssuerText(text: string, secrets: readonly string[] = []): string {
  return redactText(text, secrets, maxShown).replace(/\p{Cc}+/gu, " ");
}
