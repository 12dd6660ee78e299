import { checkEndpoint } from "../../../providers/model/checks/url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { quoteAnswer } from "../../quote-answer.js";
import { isAllowedHttp } from "../../upstream/upstream.js";
import { checkSigningKeys } from "../jwks/check-signing-keys.js";
import { probeEndpoint } from "../probe-endpoint.js";

/** The endpoints of a JWT provider, and the harm if they have no TLS. */
const harms = {
  keysEndpoint:
    "an attacker who changes its answers on the network path can replace the keys, and sign in as any user",
  jwtEndpoint:
    "an attacker who changes its answers on the network path can send users to another page",
} as const;

/** Checks the endpoints of a JWT provider: the keys that sign the tokens, and the page to which ZITADEL sends users. */
export async function checkJwtEndpoints(
  { fields }: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const keysEndpoint = checkEndpointUrl(fields, "keysEndpoint", context);
  const jwtEndpoint = checkEndpointUrl(fields, "jwtEndpoint", context);
  await Promise.all([
    keysEndpoint &&
      checkSigningKeys({ topic: "jwt", url: keysEndpoint.href, field: "keysEndpoint" }, context),
    jwtEndpoint && checkJwtPage(jwtEndpoint, context),
  ]);
}

/** Returns the URL of a field, and reports its problem. Returns undefined if it is not a URL. */
function checkEndpointUrl(
  fields: CheckedProvider["fields"],
  field: keyof typeof harms,
  { report, allowPrivate }: CheckContext,
): URL | undefined {
  const text = String(fields[field] ?? "");
  const problem = checkEndpoint(text);
  if (problem !== undefined) {
    report({
      severity: "broken",
      check: "jwt/endpoint-invalid",
      field,
      message: `${field} ${quoteAnswer(text)} ${problem}, so nobody can sign in`,
      fix: `correct ${field}: it is a URL that begins with https://`,
      change: { field },
    });
    return undefined;
  }
  const url = new URL(text);
  if (url.protocol === "http:" && !isAllowedHttp(url, allowPrivate)) {
    report({
      severity: "risk",
      check: "jwt/endpoint-without-tls",
      field,
      message: `the URL ${url.href} has no TLS: ${harms[field]}`,
      fix: `serve it over https:, and change ${field}`,
      change: { field },
    });
  }
  return url;
}

async function checkJwtPage(url: URL, context: CheckContext): Promise<void> {
  const field = "jwtEndpoint";
  const check = "jwt/endpoint-unreachable";
  const status = await probeEndpoint({ url, check, field, purpose: "the page" }, context);
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
