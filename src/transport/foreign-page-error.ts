import { Code, type ConnectError } from "@connectrpc/connect";
import type { RestResponse } from "../rest/response.js";
import { AttemptError } from "../call/attempt-error.js";
import type { MisroutingReason } from "../call/misrouting-reason.js";

/** A known kind of page: the patterns of its content type and its body, and its description in errors. */
interface KnownPage {
  readonly type: RegExp;
  readonly body: RegExp;
  readonly description: string;
  /** The more specific HTTP status for the same problem, if servers use a general one. */
  readonly impliedStatus?: number;
  /** The kind of misrouting that the page shows. */
  readonly misrouting?: MisroutingReason;
}

const html = /^text\/html/i;

/**
 * The pages whose text is more specific than their status. The expressions search foreign text, so each must run in linear time.
 */
const pages: readonly KnownPage[] = [
  {
    // nginx, Node.js behind a proxy, and IIS.
    type: /^(?:$|text\/)/i,
    body: /Request Header Or Cookie Too Large|Request Header Fields Too Large|size of the request headers is too long/i,
    description: "the message that the headers of the request are too large",
    impliedStatus: 431,
  },
  {
    // IIS sends 404 with this page and the next.
    type: html,
    body: /exceeds the request content length|Request Entity Too Large/i,
    description: "the message that the request is too large",
    impliedStatus: 413,
  },
  {
    type: html,
    body: /(?:query string|URL|URI)(?: of the request)? (?:is )?too (?:long|large)|exceeds the (?:URL|query string) length/i,
    description: "the message that the URL of the request is too long",
    impliedStatus: 414,
  },
  {
    // nginx.
    type: html,
    body: /No required SSL certificate was sent|The SSL certificate error/i,
    description: "the message that it requires a client certificate",
    impliedStatus: 496,
  },
  {
    // A password field, or a form or title for logging in.
    type: html,
    body: /type=["']?password|<(?:form|title)\b[^<>]{0,300}(?:>[^<>]{0,80})?\b(?:log|sign)[\s-]?(?:in|on)\b|SAMLRequest/i,
    description: "a page to log in",
    misrouting: "login-page",
  },
  {
    // Go, which sends no content type, and nginx.
    type: /^(?:$|text\/)/i,
    body: /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)/i,
    description: "the message that this port is for TLS",
    misrouting: "plain-on-tls-port",
  },
];

/** The number of bytes of a body that are searched. */
const searchedBytes = 65_536;

/** Creates the error of a response with a known page. Returns undefined for any other response. */
export function createForeignPageError({
  status,
  headers,
  body,
}: RestResponse): ConnectError | undefined {
  const contentType = headers.get("content-type") ?? "";
  const candidates = pages.filter(({ type }) => type.test(contentType));
  if (candidates.length === 0) {
    return undefined;
  }
  const text = new TextDecoder().decode(body.subarray(0, searchedBytes));
  const page = candidates.find((candidate) => candidate.body.test(text));
  if (page === undefined) {
    return undefined;
  }
  const { description, impliedStatus, misrouting } = page;
  return new AttemptError(
    `the server answered HTTP ${status} with ${description}`,
    Code.Unknown,
    { impliedStatus, misrouting },
    { metadata: headers },
  );
}
