import { scrubText } from "../redact/scrub-text.js";

/** The maximum length of an issuer's text in an error, in characters. The rest of the error must stay readable. */
const maxShown = 300;

/** Returns an issuer's text for use in an error: without `secrets` and control characters, and cut to 300 characters. */
export function foreignText(text: string, secrets: readonly string[] = []): string {
  return scrubText(text, secrets, maxShown).replace(/\p{Cc}+/gu, " ");
}
