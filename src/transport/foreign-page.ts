import { Code, ConnectError } from "@connectrpc/connect";
import type { RestResponse } from "../rest/response.js";

/** Pages that say themselves what was reached in place of the API. */
const pages: readonly { type: RegExp; isIn: (text: string) => boolean; says: string }[] = [
  {
    type: /^text\/html/i,
    isIn: isLoginPage,
    says: "a page to log in",
  },
  {
    // Go, which sends no content type, and nginx.
    type: /^(?:$|text\/)/i,
    isIn: (text) => /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)/i.test(text),
    says: "the remark that this port is for TLS",
  },
];

/** The text behind the tag of a form or title that is still looked at, in characters. */
const behindTag = 90;

/** Returns true for a page with a field for a password, or with a form or title of that name. */
function isLoginPage(text: string): boolean {
  if (/type=["']?password|SAMLRequest/i.test(text)) {
    return true;
  }
  const opening = /<(?:form|title)/gi;
  for (let tag = opening.exec(text); tag !== null; tag = opening.exec(text)) {
    const close = text.indexOf(">", tag.index);
    const end = close < 0 ? text.length : close + 1;
    const [behind = ""] = text.slice(end, end + behindTag).split(/[<>]/, 1);
    if (/\b(?:log|sign)[\s-]?(?:in|on)\b/i.test(text.slice(tag.index, end) + behind)) {
      return true;
    }
    // What opens before the end was looked at already.
    opening.lastIndex = end;
  }
  return false;
}

/** The part of a body that is looked at, in bytes. */
const looked = 65_536;

/** The error of such an answer; `undefined` for any other. */
export function foreignPage({ status, headers, body }: RestResponse): ConnectError | undefined {
  const contentType = headers.get("content-type") ?? "";
  const candidates = pages.filter(({ type }) => type.test(contentType));
  if (candidates.length === 0) {
    return undefined;
  }
  const text = new TextDecoder().decode(body.subarray(0, looked));
  const page = candidates.find((candidate) => candidate.isIn(text));
  return (
    page &&
    new ConnectError(`the server answered HTTP ${status} with ${page.says}`, Code.Unknown, headers)
  );
}
