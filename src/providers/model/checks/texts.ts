import { trim } from "../../trim.js";
import { placeholder, secretPlaceholder } from "./placeholder.js";

const lineEnds = /[\r\n]/;

/**
 * Returns what is wrong with a secret. ZITADEL trims secrets when a provider is added and stores them as they are when it is
 * updated, so that white space around one works by accident at best. The message never repeats the secret.
 */
export function secretText(text: string): string | undefined {
  if (/[\r\n]$/.test(text)) {
    return "ends with a line end, which is no part of a secret: remove it (in a shell, echo writes one and printf '%s' does not; of files the command line leaves out one)";
  }
  if (lineEnds.test(text)) {
    return "has several lines: a secret is one line";
  }
  if (trim(text) !== text || text.startsWith("\ufeff")) {
    return "begins or ends with white space or a byte order mark, which is no part of a secret: remove it";
  }
  return secretPlaceholder(text);
}

/** Returns what is wrong with an id or name that another system gave. ZITADEL trims it. */
export function identifier(text: string): string | undefined {
  return lineEnds.test(trim(text)) ? "has several lines: it must be one" : placeholder(trim(text));
}

/** The same where ZITADEL does not trim. */
export function untrimmedIdentifier(text: string): string | undefined {
  return trim(text) === text
    ? identifier(text)
    : "begins or ends with white space, which ZITADEL keeps: remove it";
}

/** Returns what is wrong with a scope (RFC 6749, section 3.3). */
export function scope(text: string): string | undefined {
  return /[\s"\\]/.test(text)
    ? "must be one scope without blanks and quotes: give each scope as an entry of its own"
    : placeholder(text);
}

/** Returns what is wrong with the name of an HTTP header (RFC 9110, section 5.1). */
export function headerName(text: string): string | undefined {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(trim(text))
    ? placeholder(trim(text))
    : "must be the name of an HTTP header, such as x-custom-jwt: letters, digits and - only, without colon and blanks";
}

/** Returns what is wrong with a domain. */
export function domain(text: string): string | undefined {
  return /[/:@\s]/.test(trim(text))
    ? "must be a domain such as acme.example, without https:// and path"
    : placeholder(trim(text));
}

/** Returns what is wrong with a timeout. It has the form of a duration. */
export function timeout(text: string): string | undefined {
  return text.startsWith("-") && Number.parseFloat(text) < 0
    ? "must not be negative; leave it out for ZITADEL's default"
    : undefined;
}
