import { checkEndpoint } from "../../../providers/model/checks/url.js";
import type { CheckContext } from "../../check-context.js";
import type { CheckedProvider } from "../../checked-provider.js";
import { describeUpdate } from "../../describe-update.js";
import { isInsecure } from "../../find-endpoints.js";
import {
  endpointFields,
  endpointNames,
  getOAuthEndpoints,
  type OAuthEndpoints,
} from "./endpoint-fields.js";

/** Checks the URLs of the endpoints: their form, their TLS, their hosts, and that they are in the right fields. */
export async function checkEndpointUrls(
  provider: CheckedProvider,
  context: CheckContext,
): Promise<void> {
  const endpoints = getOAuthEndpoints(provider);
  reportInvalidUrls(provider, endpoints, context);
  reportSwappedEndpoints(provider, endpoints, context);
  reportHosts(endpoints, context);
}

function reportInvalidUrls(
  provider: CheckedProvider,
  endpoints: OAuthEndpoints,
  { report, allowPrivate }: CheckContext,
): void {
  for (const field of endpointFields) {
    const url = endpoints[field];
    const problem = checkEndpoint(url);
    if (problem !== undefined) {
      report({
        severity: "broken",
        check: "oauth/invalid-url",
        field,
        message: `${endpointNames[field]} ${problem}. Nobody can sign in`,
        fix: describeUpdate(provider, field, "https://…"),
      });
    } else if (isInsecure(url, allowPrivate)) {
      report({
        severity: "risk",
        check: "oauth/insecure-endpoint",
        field,
        message: `${endpointNames[field]} has no TLS, so anyone on the network path can read ${exposed[field]}`,
        fix: describeUpdate(provider, field, url.replace("http:", "https:")),
      });
    }
  }
}

/** The data that an endpoint without TLS exposes. */
const exposed: OAuthEndpoints = {
  authorizationEndpoint: "the requests of users, and change the page on which they sign in",
  tokenEndpoint: "the client secret and the tokens of users",
  userEndpoint: "the tokens and the profiles of users",
};

/** The usual last parts of the paths of authorization and token endpoints, in lower case. */
const authorizationNames: readonly string[] = ["authorize", "authorization", "auth"];
const tokenNames: readonly string[] = ["token", "access_token", "tokens"];

function reportSwappedEndpoints(
  provider: CheckedProvider,
  endpoints: OAuthEndpoints,
  { report }: CheckContext,
): void {
  const [first, second] = findSwappedFields(endpoints) ?? [];
  if (first === undefined || second === undefined) {
    return;
  }
  const isSame = endpoints[first] === endpoints[second];
  report({
    severity: "broken",
    check: "oauth/swapped-endpoints",
    field: first,
    message: isSame
      ? `${endpointNames[first]} and ${endpointNames[second]} are the same URL, so nobody can sign in`
      : `${endpointNames[first]} and ${endpointNames[second]} are in each other's fields, so nobody can sign in`,
    fix: isSame
      ? `correct one of them: ${describeUpdate(provider, second, "https://…")}`
      : `swap the values of ${first} and ${second}`,
    change: isSame ? undefined : { field: first },
  });
}

function findSwappedFields(
  endpoints: OAuthEndpoints,
): (typeof endpointFields)[number][] | undefined {
  const { authorizationEndpoint, tokenEndpoint } = endpoints;
  const isSwapped =
    tokenNames.includes(readLastPart(authorizationEndpoint)) &&
    authorizationNames.includes(readLastPart(tokenEndpoint));
  if (isSwapped) {
    return ["authorizationEndpoint", "tokenEndpoint"];
  }
  return endpointFields
    .flatMap((a, index) => endpointFields.slice(index + 1).map((b) => [a, b]))
    .find(([a, b]) => a !== undefined && b !== undefined && endpoints[a] === endpoints[b]);
}

function readLastPart(url: string): string {
  const { pathname } = URL.canParse(url) ? new URL(url) : { pathname: "" };
  return (
    pathname
      .split("/")
      .findLast((part) => part !== "")
      ?.toLowerCase() ?? ""
  );
}

function reportHosts(endpoints: OAuthEndpoints, { report }: CheckContext): void {
  const hosts = new Set(
    endpointFields
      .map((field) => endpoints[field])
      .flatMap((url) => (URL.canParse(url) ? [new URL(url).host] : [])),
  );
  if (hosts.size > 1) {
    report({
      severity: "note",
      check: "oauth/different-hosts",
      message: `the endpoints are on ${hosts.size} hosts: ${[...hosts].join(", ")}`,
      fix: "check that all of them belong to the provider",
    });
  }
}
