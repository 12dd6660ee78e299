import type { StubResponse, ReceivedRequest } from "../auth/token-server.js";

/** The responses of a token endpoint that repeat a secret. */
export type CredentialFailure = (
  request: ReceivedRequest,
  quote: (bytes: Uint8Array) => string,
) => StubResponse;

/** The parts of a request that a token endpoint may repeat. */
function heard({ headers, form }: ReceivedRequest, quote: (bytes: Uint8Array) => string): string {
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

export const credentialFailures: Readonly<Record<string, CredentialFailure>> = {
  "an error of OAuth": (request, quote) => ({
    status: 400,
    body: { error: "invalid_grant", error_description: `got ${heard(request, quote)}` },
  }),
  "an error whose code quotes": (request, quote) => ({
    status: 401,
    body: { error: heard(request, quote), error_description: heard(request, quote) },
  }),
  "a page": (request, quote) => ({ status: 400, body: `<html>${heard(request, quote)}</html>` }),
  "a gateway's page": (request, quote) => ({
    status: 502,
    body: `<html>${heard(request, quote)}</html>`,
  }),
  "no JSON": (request, quote) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: `{"access_token": ${heard(request, quote)}`,
  }),
  "JSON without a token": (request, quote) => ({
    status: 200,
    body: { token: heard(request, quote), [heard(request, quote)]: 1 },
  }),
  "a token of another type": (request, quote) => ({
    status: 200,
    body: {
      access_token: "x",
      token_type: heard(request, quote),
      expires_in: heard(request, quote),
    },
  }),
  "a token with line breaks": (request, quote) => ({
    status: 200,
    body: { access_token: `${heard(request, quote)}\n`, token_type: "Bearer" },
  }),
  "a redirect": (request, quote) => ({
    status: 302,
    headers: { location: `https://other.example/?${encodeURIComponent(heard(request, quote))}` },
    body: heard(request, quote),
  }),
  "a content type": (request, quote) => ({
    status: 400,
    headers: { "content-type": `text/${visible(heard(request, quote)).slice(0, 4000)}` },
    body: "<html>",
  }),
  "a time to wait": (request, quote) => ({
    status: 503,
    headers: { "retry-after": visible(heard(request, quote)).slice(0, 4000) },
    body: "",
  }),
  headers: (request, quote) => ({
    status: 403,
    headers: {
      "www-authenticate": visible(heard(request, quote)).slice(0, 4000),
      "x-a": visible(heard(request, quote)).slice(0, 4000),
    },
    body: { a: heard(request, quote) },
  }),
};
