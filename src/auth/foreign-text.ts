import { scrubText } from "../redact/scrub-text.js";

/** The most that an error repeats of a text of an issuer, in characters. The rest of the error must stay readable. */
const maxShown = 300;

/** Returns a text of an issuer as errors repeat it: without `secrets` and control characters, and cut. */
export function foreignText(text: string, secrets: readonly string[] = []): string {
  return scrubText(text, secrets, maxShown).replace(/\p{Cc}+/gu, " ");
}
