import { checkHttpUrl } from "../../../providers/model/checks/url.js";
import { parseUrl } from "../../../utils/parse-url.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { quoteAnswer } from "../../quote-answer.js";
import { isAllowedHttp } from "../../upstream/upstream.js";
import type { DiscoveredProvider } from "./discovered-provider.js";

/** The endpoints of a discovery document that ZITADEL uses, and the harm if they have no TLS. */
const endpoints = {
  authorization_endpoint:
    "an attacker who changes its answers on the network path can send users to another page",
  token_endpoint:
    "ZITADEL sends the client secret to it, which others on the network path can read",
  userinfo_endpoint:
    "an attacker who changes its answers on the network path can sign in as any user",
  jwks_uri: "an attacker who changes its answers on the network path can sign in as any user",
} as const;

/** The name of an endpoint in the discovery document. */
type EndpointName = keyof typeof endpoints;

/** The types whose users ZITADEL reads from the ID token, so that they need no userinfo endpoint. */
const idTokenTypes: ReadonlySet<CheckedProvider["type"]> = new Set(["apple", "legacyOidc"]);

/**
 * Checks that the discovery document has the endpoints that ZITADEL needs, as https: URLs. Returns the valid ones.
 */
export function checkEndpoints(
  discovered: DiscoveredProvider,
): Readonly<Partial<Record<EndpointName, URL>>> {
  const { provider, issuer, metadata, context } = discovered;
  const issuerUrl = parseUrl(issuer);
  const valid: Partial<Record<EndpointName, URL>> = {};
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const text = metadata[name] ?? "";
    const problem = checkHttpUrl(text);
    if (text === "") {
      if (name !== "userinfo_endpoint" || needsUserinfo(provider)) {
        reportMissing(discovered, name);
      }
    } else if (problem !== undefined) {
      context.report({
        severity: "broken",
        check: "oidc/endpoint-invalid",
        message: `the ${name} of the discovery document is ${quoteAnswer(text)}, but ${problem}, so nobody can sign in`,
        fix: `correct the ${name} in the configuration of the provider's server`,
      });
    } else {
      const url = new URL(text);
      valid[name] = url;
      // `checkDiscoveredIssuer` reports an issuer without TLS, which covers its endpoints.
      if (
        url.protocol === "http:" &&
        issuerUrl?.protocol !== "http:" &&
        !isAllowedHttp(url, context.allowPrivate)
      ) {
        context.report({
          severity: "risk",
          check: "oidc/endpoint-without-tls",
          message: `the ${name} of the discovery document, ${url.href}, has no TLS: ${endpoints[name]}`,
          fix: "configure the public address of the provider's server, e.g. with X-Forwarded-Proto from the proxy in front of it, so that its endpoints begin with https:",
        });
      }
    }
  }
  reportHosts(discovered, issuerUrl, Object.values(valid));
  return valid;
}

/** Returns true if ZITADEL reads the user from the userinfo endpoint. */
export function needsUserinfo({ type, fields }: CheckedProvider): boolean {
  return !idTokenTypes.has(type) && fields["isIdTokenMapping"] !== true;
}

function reportMissing({ provider, context }: DiscoveredProvider, name: EndpointName): void {
  const isUserinfo = name === "userinfo_endpoint";
  context.report({
    severity: "broken",
    check: "oidc/endpoint-missing",
    ...(isUserinfo && provider.type === "oidc" && { field: "isIdTokenMapping" }),
    message: `the discovery document has no ${name}${
      isUserinfo ? ", from which ZITADEL reads the user" : ""
    }, so nobody can sign in`,
    fix:
      isUserinfo && provider.type === "oidc"
        ? `read the user from the ID token instead: ${describeUpdate(provider, "isIdTokenMapping", true)}`
        : "correct the issuer: it must be that of an OpenID Connect provider, not of a plain OAuth server",
  });
}

function reportHosts(
  { context }: DiscoveredProvider,
  issuer: URL | undefined,
  urls: readonly URL[],
): void {
  const others = [...new Set(urls.map(({ host }) => host))].filter((host) => host !== issuer?.host);
  if (others.length > 0) {
    context.report({
      severity: "note",
      check: "oidc/endpoint-hosts",
      message: `the endpoints are on other hosts than the issuer: ${others.join(", ")}`,
      fix: "if a firewall or a proxy limits ZITADEL, allow these hosts too",
    });
  }
}
