import { Code, ConnectError } from "@connectrpc/connect";
import type { RestResponse } from "../rest/response.js";

/** Answers that say themselves what was reached in the place of the API. */
const pages: readonly { type: RegExp; body: RegExp; says: string }[] = [
  {
    // A field for a password, or a form or title of that name.
    type: /^text\/html/i,
    body: /type=["']?password|<(?:form|title)[^>]*>?[^<>]{0,80}\b(?:log|sign)[\s-]?(?:in|on)\b|SAMLRequest/i,
    says: "a page to log in",
  },
  {
    // Go, which sends no content type, and nginx.
    type: /^(?:$|text\/)/i,
    body: /HTTP request (?:was sent )?to (?:an )?HTTPS (?:server|port)/i,
    says: "the remark that this port is for TLS",
  },
];

/** What of a body is looked at, in bytes. */
const looked = 65_536;

/** The error of such an answer; `undefined` for any other. */
export function foreignPage({ status, headers, body }: RestResponse): ConnectError | undefined {
  const contentType = headers.get("content-type") ?? "";
  const candidates = pages.filter(({ type }) => type.test(contentType));
  if (candidates.length === 0) {
    return undefined;
  }
  const text = new TextDecoder().decode(body.subarray(0, looked));
  const page = candidates.find((candidate) => candidate.body.test(text));
  return (
    page &&
    new ConnectError(`the server answered HTTP ${status} with ${page.says}`, Code.Unknown, headers)
  );
}
