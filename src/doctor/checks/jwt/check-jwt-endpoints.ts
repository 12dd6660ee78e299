import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { isAllowedHttp } from "../../upstream/upstream.js";
import { parseUrl } from "../../../utils/parse-url.js";
import { checkSigningKeys } from "../jwks/check-signing-keys.js";
import { reachEndpoint } from "../reach-endpoint.js";

/** The fields with the endpoints of a JWT provider, and the harm if they have no TLS. */
const endpoints = {
  keysEndpoint:
    "who can change the answers on the way gives ZITADEL other keys, and signs in as anybody",
  jwtEndpoint: "who can change the answers on the way sends users to another page",
} as const;

/** Checks the endpoints of a JWT provider: the keys that sign the tokens, and the page to which ZITADEL sends users. */
export async function checkJwtEndpoints(
  { fields }: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const { report, allowPrivate } = context;
  const keysEndpoint = String(fields["keysEndpoint"] ?? "");
  const jwtEndpoint = String(fields["jwtEndpoint"] ?? "");
  const urls = { keysEndpoint: parseUrl(keysEndpoint), jwtEndpoint: parseUrl(jwtEndpoint) };
  for (const field of ["keysEndpoint", "jwtEndpoint"] as const) {
    const url = urls[field];
    if (url?.protocol === "http:" && !isAllowedHttp(url, allowPrivate)) {
      report({
        severity: "risk",
        check: "jwt/endpoint-without-tls",
        field,
        message: `the URL ${url.href} has no TLS: ${endpoints[field]}`,
        fix: `serve it over https:, and change ${field}`,
      });
    }
  }
  await Promise.all([
    checkSigningKeys({ topic: "jwt", url: keysEndpoint, field: "keysEndpoint" }, context),
    checkJwtEndpoint(urls.jwtEndpoint, jwtEndpoint, context),
  ]);
}

async function checkJwtEndpoint(
  url: URL | undefined,
  text: string,
  context: CheckContext,
): Promise<void> {
  const field = "jwtEndpoint";
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    context.report({
      severity: "broken",
      check: "jwt/endpoint-invalid",
      field,
      message: `${JSON.stringify(text)} is no http: or https: URL, so ZITADEL cannot send users there`,
      fix: "correct the URL: it begins with https://",
    });
    return;
  }
  const check = "jwt/endpoint-unreachable";
  const status = await reachEndpoint({ url, check, field, purpose: "the page" }, context);
  if (status !== undefined && (status === 404 || status === 410 || status >= 500)) {
    context.report({
      severity: "note",
      check,
      field,
      message: `the page ${url.href} is answered with HTTP status ${status} without the parameters that ZITADEL adds (authRequestID, userAgentID)`,
      fix: "open the page in a browser, and correct the URL if it does not lead to your sign-in",
    });
  }
}
