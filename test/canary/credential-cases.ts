import type { Answered, Asked } from "../auth/token-server.js";
import { quotes } from "./quotes.js";

/** The responses of a token endpoint that repeat a secret. */
export type Failure = (asked: Asked, quote: (bytes: Uint8Array) => string) => Answered;

/** The parts of a request that a token endpoint may repeat. */
function heard({ headers, form }: Asked, quote: (bytes: Uint8Array) => string): string {
  const [, basic = ""] = String(headers["authorization"]).split(" ");
  const parts = [String(headers["authorization"]), String(form), ...form.values()];
  // Decoding base64 gives the form-encoded secret; decoding that gives the secret itself.
  const decoded = Buffer.from(basic, "base64").toString();
  parts.push(
    decoded,
    ...decoded.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " "))),
  );
  return parts.map((part) => quote(Buffer.from(part))).join(" ");
}

const visible = (text: string): string => text.replace(/[^\x20-\x7e]+/g, " ");

export const failures: Readonly<Record<string, Failure>> = {
  "an error of OAuth": (asked, quote) => ({
    status: 400,
    body: { error: "invalid_grant", error_description: `got ${heard(asked, quote)}` },
  }),
  "an error whose code quotes": (asked, quote) => ({
    status: 401,
    body: { error: heard(asked, quote), error_description: heard(asked, quote) },
  }),
  "a page": (asked, quote) => ({ status: 400, body: `<html>${heard(asked, quote)}</html>` }),
  "a gateway's page": (asked, quote) => ({
    status: 502,
    body: `<html>${heard(asked, quote)}</html>`,
  }),
  "no JSON": (asked, quote) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: `{"access_token": ${heard(asked, quote)}`,
  }),
  "JSON without a token": (asked, quote) => ({
    status: 200,
    body: { token: heard(asked, quote), [heard(asked, quote)]: 1 },
  }),
  "a token of another type": (asked, quote) => ({
    status: 200,
    body: { access_token: "x", token_type: heard(asked, quote), expires_in: heard(asked, quote) },
  }),
  "a token with line breaks": (asked, quote) => ({
    status: 200,
    body: { access_token: `${heard(asked, quote)}\n`, token_type: "Bearer" },
  }),
  "a redirect": (asked, quote) => ({
    status: 302,
    headers: { location: `https://other.example/?${encodeURIComponent(heard(asked, quote))}` },
    body: heard(asked, quote),
  }),
  "a content type": (asked, quote) => ({
    status: 400,
    headers: { "content-type": `text/${visible(heard(asked, quote)).slice(0, 4000)}` },
    body: "<html>",
  }),
  "a time to wait": (asked, quote) => ({
    status: 503,
    headers: { "retry-after": visible(heard(asked, quote)).slice(0, 4000) },
    body: "",
  }),
  headers: (asked, quote) => ({
    status: 403,
    headers: {
      "www-authenticate": visible(heard(asked, quote)).slice(0, 4000),
      "x-a": visible(heard(asked, quote)).slice(0, 4000),
    },
    body: { a: heard(asked, quote) },
  }),
};

export const quoteNames: readonly string[] = Object.keys(quotes);
