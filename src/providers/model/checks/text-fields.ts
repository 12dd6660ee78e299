import { trim } from "../../trim.js";
import { checkPlaceholder, checkSecretPlaceholder } from "./placeholder.js";

const lineEnds = /[\r\n]/;

/**
 * Returns the problem of a secret, without repeating the secret. ZITADEL trims secrets when a provider is added, but not when
 * it is updated, so white space around a secret works by accident at best.
 */
export function checkSecret(text: string): string | undefined {
  if (/[\r\n]$/.test(text)) {
    return "ends with a line break, which is not part of the secret: remove it (in a shell, echo adds one and printf '%s' does not; the command line removes one at the end of a file)";
  }
  if (lineEnds.test(text)) {
    return "has several lines, but a secret is one line";
  }
  if (trim(text) !== text || text.startsWith("\ufeff")) {
    return "begins or ends with white space or a byte order mark, which is not part of the secret: remove it";
  }
  return checkSecretPlaceholder(text);
}

/** Returns the problem of an id or name that another system issued. ZITADEL trims it. */
export function checkIdentifier(text: string): string | undefined {
  return lineEnds.test(trim(text))
    ? "has several lines, but must be one line"
    : checkPlaceholder(trim(text));
}

/** Returns the problem of an id or name that ZITADEL does not trim. */
export function checkUntrimmedIdentifier(text: string): string | undefined {
  return trim(text) === text
    ? checkIdentifier(text)
    : "begins or ends with white space, which ZITADEL keeps: remove it";
}

/** Returns the problem of a scope (RFC 6749, section 3.3). */
export function checkScope(text: string): string | undefined {
  return /[\s"\\]/.test(text)
    ? "must be one scope without blanks and quotes: list each scope as an entry of its own"
    : checkPlaceholder(text);
}

/** Returns the problem of the name of an HTTP header (RFC 9110, section 5.1). */
export function checkHeaderName(text: string): string | undefined {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(trim(text))
    ? checkPlaceholder(trim(text))
    : "must be the name of an HTTP header, such as x-custom-jwt: letters, digits and - only, without colon and blanks";
}

/** Returns the problem of a domain. */
export function checkDomain(text: string): string | undefined {
  return /[/:@\s]/.test(trim(text))
    ? "must be a domain such as acme.example, without https:// and path"
    : checkPlaceholder(trim(text));
}

/** Returns the problem of a timeout. The text already has the form of a duration. */
export function checkTimeout(text: string): string | undefined {
  return text.startsWith("-") && Number.parseFloat(text) < 0
    ? "must not be negative; leave it out for ZITADEL's default"
    : undefined;
}
