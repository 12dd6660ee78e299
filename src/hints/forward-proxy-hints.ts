import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import type { ForwardProxyFacts } from "../call/attempt-facts.js";
import { explainCertificate } from "./explain-certificate.js";
import { findTlsProblem } from "./find-tls-problem.js";
import type { HintFacts, HintRule } from "./hint-rule.js";

/** Hints for a forward proxy (HTTPS_PROXY or the option `proxy`) that did not connect to the server. */
export const forwardProxyHints: readonly HintRule[] = [
  {
    when: ({ forwardProxy }) => forwardProxy !== undefined,
    hint: (facts) =>
      facts.forwardProxy === undefined ? "" : explainFailure(facts.forwardProxy, facts),
  },
];

function explainFailure(proxy: ForwardProxyFacts, facts: HintFacts): Message {
  const { host, target, hasCredentials, status } = proxy;
  if (status === undefined) {
    return explainUnreachable(host, facts);
  }
  if (status === 407) {
    return hasCredentials
      ? `the proxy ${host} rejects the user name or the password in its URL: check both, and percent-encode special characters, e.g. %40 for @`
      : optionText`the proxy ${host} requires credentials: write them into its URL (HTTPS_PROXY, HTTP_PROXY or ${advice.proxy}), before the host, as USER:PASSWORD@`;
  }
  if (status >= 500) {
    return optionText`the proxy ${host} cannot reach ${target}: check host and port of ${phrase.baseUrl}, and the DNS of the proxy; to connect without it, add the server to NO_PROXY or ${advice.passNoProxy}`;
  }
  return optionText`the proxy ${host} does not allow CONNECT to ${target}: configure the proxy to allow this host and port (many proxies allow port 443 only), or connect without it by NO_PROXY or ${advice.noProxy}`;
}

/** Explains why no connection to the proxy could be opened. */
function explainUnreachable(host: string, facts: HintFacts): Message {
  const problem = findTlsProblem(facts);
  switch (problem) {
    case "no-tls":
      return `the proxy ${host} does not accept TLS: write http:// instead of https:// in the URL of the proxy, or use the port that has TLS`;
    case "client-certificate":
      return optionText`the proxy ${host} requires a client certificate, but ${advice.tlsCert} is for the server only: configure the proxy to accept a user name and a password, or write http:// in the URL of the proxy`;
    case "other-name":
      return `the certificate of the proxy ${host} is for other names: use one of its names in the URL of the proxy`;
    case "date":
    case "distrusted":
      return explainCertificate(problem, `the certificate of the proxy ${host}`);
    default:
      return optionText`check scheme, host and port of the proxy (HTTPS_PROXY, HTTP_PROXY or ${advice.proxy}); to connect without it, add the server to NO_PROXY or ${advice.passNoProxy}`;
  }
}
