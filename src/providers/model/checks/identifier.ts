import { trim } from "../../../utils/trim.js";
import { checkPlaceholder } from "./placeholder.js";

/** Returns the problem of an id or name that another system issued. ZITADEL trims it. */
export function checkIdentifier(text: string): string | undefined {
  return /[\r\n]/.test(trim(text))
    ? "has several lines, but must be one line"
    : checkPlaceholder(trim(text));
}

/** Returns the problem of an id or name that ZITADEL does not trim. */
export function checkUntrimmedIdentifier(text: string): string | undefined {
  return trim(text) === text
    ? checkIdentifier(text)
    : "begins or ends with white space, which ZITADEL keeps: remove it";
}
