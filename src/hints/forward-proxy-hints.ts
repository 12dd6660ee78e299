import type { ForwardProxyFacts } from "../call/attempt-error.js";
import type { HintRule } from "./hint-rule.js";

/** Hints for a forward proxy (HTTPS_PROXY or the option `proxy`) that did not connect to the server. */
export const forwardProxyHints: readonly HintRule[] = [
  {
    when: ({ forwardProxy }) => forwardProxy !== undefined,
    hint: ({ forwardProxy, codes }) =>
      forwardProxy === undefined ? "" : explainFailure(forwardProxy, codes),
  },
];

function explainFailure(facts: ForwardProxyFacts, codes: readonly string[]): string {
  const { host, target, hasCredentials, status } = facts;
  if (status === undefined) {
    return codes.some((code) => /CERT|SELF_SIGNED|UNABLE_TO/.test(code))
      ? `the certificate of the proxy ${host} is not signed by an authority that this machine trusts: pass its CA as tls.ca, or write http:// in the URL of the proxy if it has no TLS`
      : `check host and port of the proxy (HTTPS_PROXY, HTTP_PROXY or the option proxy); to connect without it, add the server to NO_PROXY or pass proxy: false`;
  }
  if (status === 407) {
    return hasCredentials
      ? `the proxy ${host} rejects the user name or the password in its URL: check both, and percent-encode special characters, e.g. %40 for @`
      : `the proxy ${host} wants credentials: write them into its URL (HTTPS_PROXY, HTTP_PROXY or the option proxy), before the host, as USER:PASSWORD@`;
  }
  if (status >= 500) {
    return `the proxy ${host} cannot reach ${target}: check host and port of baseUrl, and the DNS of the proxy; to connect without it, add the server to NO_PROXY or pass proxy: false`;
  }
  return `the proxy ${host} does not allow CONNECT to ${target}: let it allow this host and port (many proxies allow port 443 only), or connect without it by NO_PROXY or proxy: false`;
}
