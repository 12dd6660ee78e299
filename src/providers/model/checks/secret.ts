import { trim } from "../../../utils/trim.js";
import { checkSecretPlaceholder } from "./placeholder.js";

/**
 * Returns the problem of a secret, without repeating the secret. White space around a secret is rejected: ZITADEL removes it in an add,
 * but not in an update.
 */
export function checkSecret(text: string): string | undefined {
  if (/[\r\n]$/.test(text)) {
    return "ends with a line break, which is not part of the secret: remove it (in a shell, echo adds one and printf '%s' does not; the command line removes one at the end of a file)";
  }
  if (/[\r\n]/.test(text)) {
    return "has several lines, but a secret is one line";
  }
  if (trim(text) !== text || text.startsWith("\ufeff")) {
    return "begins or ends with white space or a byte order mark, which is not part of the secret: remove it";
  }
  return checkSecretPlaceholder(text);
}
