import { parseUrl } from "../utils/parse-url.js";

/** The parts of a URL that the checks of ZITADEL read. */
interface GoUrl {
  /** The scheme in lower case, or "" for a relative URL. */
  readonly scheme: string;
  /** The host and the port as written, or "" if there are none. */
  readonly host: string;
}

/**
 * Parses a URL like `url.Parse` of Go 1.26, with which ZITADEL reads redirect URIs and the locations in SAML metadata. Returns
 * undefined if Go returns an error.
 *
 * Go is laxer than JavaScript's `URL` in some places: it accepts relative URLs, blanks in a path and any port of digits. It is
 * stricter in others: each percent sign needs two hexadecimal digits, and control characters are allowed in the fragment only.
 */
export function parseGoUrl(text: string): GoUrl | undefined {
  const [url, fragment] = cut(text, "#");
  return hasValidEscapes(fragment) ? parseWithoutFragment(url) : undefined;
}

function parseWithoutFragment(url: string): GoUrl | undefined {
  if (hasControlCharacter(url)) {
    return undefined;
  }
  if (url === "*") {
    return { scheme: "", host: "" };
  }
  if (url.startsWith(":")) {
    return undefined;
  }
  const scheme = schemePattern.exec(url)?.[1] ?? "";
  const [rest] = cut(scheme === "" ? url : url.slice(scheme.length + 1), "?");
  return parseAfterScheme(scheme.toLowerCase(), rest);
}

/** Parses the part between the scheme and the query. Go never checks the query. */
function parseAfterScheme(scheme: string, rest: string): GoUrl | undefined {
  if (!rest.startsWith("/")) {
    if (scheme !== "") {
      // The rest is opaque, as in mailto:a@b.example, and Go does not check it.
      return { scheme, host: "" };
    }
    const [firstSegment] = cut(rest, "/");
    return firstSegment.includes(":") || !hasValidEscapes(rest) ? undefined : { scheme, host: "" };
  }
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  if (!hasAuthority) {
    return hasValidEscapes(rest) ? { scheme, host: "" } : undefined;
  }
  const [authority, path] = cut(rest.slice(2), "/");
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const isValid =
    isHost(scheme, host) &&
    isUserInfo(authority.slice(0, Math.max(at, 0))) &&
    hasValidEscapes(path);
  return isValid ? { scheme, host } : undefined;
}

const schemePattern = /^([A-Za-z][A-Za-z\d+.-]*):/;

function isUserInfo(text: string): boolean {
  return /^[\w.:~!$&'()*+,;=%@-]*$/.test(text) && hasValidEscapes(text);
}

/** Returns true for a host with an optional port. Addresses of IPv6 have brackets. */
function isHost(scheme: string, text: string): boolean {
  const open = text.lastIndexOf("[");
  if (open < 0) {
    const colon = findPort(scheme, text);
    return isPort(colon < 0 ? "" : text.slice(colon)) && isHostName(text);
  }
  const close = text.lastIndexOf("]");
  return (
    open === 0 &&
    close >= 0 &&
    isPort(text.slice(close + 1)) &&
    isAddressInBrackets(text.slice(1, close))
  );
}

/** Returns the index of the colon before the port. Only URLs of other schemes than http may have a list of hosts with ports. */
function findPort(scheme: string, host: string): number {
  return scheme === "http" || scheme === "https" ? host.indexOf(":") : host.lastIndexOf(":");
}

/** Returns true for "", and for a colon with any digits. */
function isPort(text: string): boolean {
  return text === "" || /^:\d*$/.test(text);
}

/** Returns true if all characters may be part of a host. Only bytes that are not ASCII may be escaped, and the percent sign. */
function isHostName(text: string): boolean {
  return /^(?:[\w.~!$&'()*+,;=:[\]<>"\u0080-\uffff-]|%25|%[89a-fA-F][\da-fA-F])*$/.test(text);
}

/** Returns true for an address of IPv6, with an optional zone after `%25`. */
function isAddressInBrackets(text: string): boolean {
  const zoneStart = text.indexOf("%25");
  const address = zoneStart < 0 ? text : text.slice(0, zoneStart);
  return (
    /^[\da-fA-F:.]+$/.test(address) &&
    parseUrl(`http://[${address}]`) !== undefined &&
    (zoneStart < 0 || isZone(text.slice(zoneStart + "%25".length)))
  );
}

/** Returns true for a zone. Escapes stand for characters that a host may contain, for blanks, or for the percent sign. */
function isZone(text: string): boolean {
  const unescaped = text.replace(/%([2-7][\da-fA-F])/g, unescapeZoneCharacter);
  return text !== "" && isHostName(unescaped) && !/%[89a-fA-F]/.test(text);
}

/** Replaces an allowed escape with text that `isHostName` accepts. Any other escape stays, and is not accepted. */
function unescapeZoneCharacter(escape: string, hex: string): string {
  const char = String.fromCharCode(Number.parseInt(hex, 16));
  if (char === " ") {
    return "";
  }
  if (char === "%") {
    return "%25";
  }
  return /[\w.~!$&'()*+,;=:[\]<>"-]/.test(char) ? char : escape;
}

/** Returns true if each percent sign is followed by two hexadecimal digits. */
function hasValidEscapes(text: string): boolean {
  return !/%(?![\da-fA-F]{2})/.test(text);
}

function hasControlCharacter(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are the subject
  return /[\0-\x1f\x7f]/.test(text);
}

/** Splits a text at the first `mark`. Without one, the second part is empty. */
function cut(text: string, mark: string): [before: string, after: string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + mark.length)];
}
