import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { corsRequestHeaders, jsonCorsRequestHeaders } from "../zitadel/cors-headers.js";
import { instanceHostHeader } from "../zitadel/instance-host.js";
import { explainCertificate } from "./explain-certificate.js";
import { findTlsProblem } from "./find-tls-problem.js";
import { describeHost, createTlsOnlyHint, type HintFacts, type HintRule } from "./hint-rule.js";
import { isOneOf } from "./is-one-of.js";

/** The messages of Chromium, Firefox and Safari for a request that failed without a response. Browsers give no other facts. */
const browserMessage =
  /^(?:Failed to fetch|NetworkError when attempting to fetch resource\.?|Load failed)(?: \(.*\))?$/;

/** HTTP/2 error codes: RFC 9113, section 7. */
const cancel = 0x8;
const http11Required = 0xd;

/** Ports that imply TLS. */
const tlsPorts = new Set(["443", "8443"]);

/** The headers that ZITADEL's CORS rules allow, and `content-language`, which browsers send without a preflight. */
const allowedHeaders: readonly string[] = [...corsRequestHeaders, "content-language"];

/** Hints for requests that were misrouted and got no response. */
export const networkHints: readonly HintRule[] = [
  {
    reason: "http1",
    when: ({ protocol, codes, causes, http2ErrorCode }) =>
      protocol === "grpc" &&
      (isOneOf(codes, /NO_APPLICATION_PROTOCOL$/) ||
        (isOneOf(codes, /^ERR_HTTP2_ERROR$/) && causes.includes("Protocol error")) ||
        http2ErrorCode === http11Required),
    hint: ({ url }) =>
      optionText`${describeHost(url)} answered in HTTP/1, and gRPC needs HTTP/2: enable it in the server or the proxy${url?.protocol === "http:" ? optionText` (if the port is one for TLS, write https: in ${phrase.baseUrl})` : ""}, or use ${advice.protocolGrpcWebOrJson}`,
  },
  {
    reason: "http2",
    when: ({ protocol, codes, causes }) =>
      protocol !== "grpc" &&
      (isOneOf(codes, /^HPE_INVALID_CONSTANT$|NO_APPLICATION_PROTOCOL$/) ||
        isOneOf(causes, /Expected HTTP\/|no application protocol/)),
    hint: ({ url }) =>
      optionText`${describeHost(url)} does not support HTTP/1: if it is for gRPC only, use ${advice.protocolGrpc}${url?.protocol === "http:" ? optionText`, and if it is for TLS, write https: in ${phrase.baseUrl}` : ""}`,
  },
  {
    reason: "tls-on-plain-port",
    when: (facts) => findTlsProblem(facts) === "no-tls",
    hint: explainTls,
  },
  {
    reason: "certificate",
    when: (facts) => findTlsProblem(facts) !== undefined,
    hint: explainTls,
  },
  {
    reason: "plain-on-tls-port",
    when: ({ url, codes, http2ErrorCode, closedBeforeSettings = false }) =>
      url?.protocol === "http:" &&
      tlsPorts.has(url.port) &&
      (isOneOf(codes, /^(?:UND_ERR_SOCKET|ECONNRESET|HPE_\w+)$/) ||
        closedBeforeSettings ||
        // connect-node opens its stream before the server has sent its settings.
        http2ErrorCode === cancel),
    hint: createTlsOnlyHint,
  },
  {
    reason: "unreachable",
    when: ({ codes }) => isOneOf(codes, /^(?:ENOTFOUND|EAI_\w+)$/),
    hint: ({ url, isOtherIssuer }) =>
      optionText`this machine cannot resolve the host name${url === undefined ? "" : ` ${url.hostname}`}: check its spelling in ${isOtherIssuer ? "the option issuer or tokenEndpoint of the token source" : phrase.baseUrl}, and the DNS and VPN of this machine`,
  },
  {
    reason: "unreachable",
    when: ({ codes }) => isOneOf(codes, /^(?:ECONNREFUSED|ConnectionRefused)$/),
    hint: ({ url }) =>
      optionText`nothing listens at ${describeHost(url)}: check that ZITADEL runs, and host and port of ${phrase.baseUrl}`,
  },
  {
    reason: "unreachable",
    when: ({ codes }) =>
      isOneOf(codes, /^(?:EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/),
    hint: ({ url }) =>
      `${describeHost(url)} is not reachable from this machine: check networks, firewalls and VPN in between`,
  },
  {
    reason: "unreachable",
    when: ({ isConnectTimeout = false }) => isConnectTimeout,
    hint: ({ url }) =>
      optionText`${describeHost(url)} did not open a connection in time${advice.byConnectTimeout}: check its host and port, and networks, firewalls and VPN in between`,
  },
  {
    reason: "cors",
    when: ({ causes }) => isOneOf(causes, browserMessage),
    hint: explainBrowserFailure,
  },
];

function explainTls(facts: HintFacts): Message {
  const { url, isOtherIssuer } = facts;
  const host = describeHost(url);
  const problem = findTlsProblem(facts);
  switch (problem) {
    case "no-tls":
      return optionText`${host} does not accept TLS: use http: instead of https: in ${phrase.baseUrl}, or use the port that has TLS`;
    case "client-certificate":
      return isOtherIssuer
        ? optionText`${host} requires a client certificate, and the issuer of tokens gets none, because ${advice.tlsCert} is for the host of ${phrase.baseUrl}: name an issuer on that host, or request tokens yourself and pass a function as auth`
        : optionText`${host} requires a client certificate that it trusts: pass one with its key as ${advice.tlsCert} and ${advice.tlsKey}`;
    case "other-name":
      return isOtherIssuer
        ? optionText`the certificate of the issuer is for other names than ${host}: use one of its names in the option issuer or tokenEndpoint of the token source (tls.serverName is for the host of baseUrl)`
        : optionText`the certificate of the server is for other names than ${url?.hostname ?? "this one"}: use one of its names in ${phrase.baseUrl}${advice.adviseServerName}`;
    default:
      return explainCertificate(problem, `the certificate of ${host}`);
  }
}

/** Explains a request that a browser did not send, or whose response the browser hides. */
function explainBrowserFailure({ headers, protocol, url }: HintFacts): Message {
  if (headers.includes("host")) {
    return optionText`ZITADEL's CORS rule does not allow the header ${instanceHostHeader}, so the browser does not send the request: leave ${advice.instanceHost} out, and put the name of the instance into ${phrase.baseUrl}`;
  }
  const allowed =
    protocol === "grpc-web" ? allowedHeaders : [...allowedHeaders, ...jsonCorsRequestHeaders];
  const rejected = headers.filter((name) => !allowed.includes(name));
  return rejected.length > 0
    ? `ZITADEL's CORS rule does not allow the header ${rejected.join(", ")}, so the browser does not send the request: leave it out`
    : `${describeHost(url)} cannot be reached, or its CORS rule rejects this page: see the console of the browser`;
}
