import { trim } from "../../../utils/trim.js";
import { checkPlaceholder } from "./placeholder.js";

/** Returns the problem of a scope (RFC 6749, section 3.3). */
export function checkScope(text: string): string | undefined {
  return /[\s"\\]/.test(text)
    ? "must be one scope without spaces and quotes: list each scope as an entry of its own"
    : checkPlaceholder(text);
}

/** Returns the problem of the name of an HTTP header (RFC 9110, section 5.1). */
export function checkHeaderName(text: string): string | undefined {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(trim(text))
    ? checkPlaceholder(trim(text))
    : "must be the name of an HTTP header, such as x-custom-jwt: letters, digits and - only, without colon and spaces";
}

/** Returns the problem of a domain. */
export function checkDomain(text: string): string | undefined {
  return /[/:@\s]/.test(trim(text))
    ? "must be a domain such as acme.example, without https:// and path"
    : checkPlaceholder(trim(text));
}

/** Returns the problem of a timeout in the form of a duration. */
export function checkTimeout(text: string): string | undefined {
  return text.startsWith("-") && Number.parseFloat(text) < 0
    ? "must not be negative; leave it out for ZITADEL's default"
    : undefined;
}
