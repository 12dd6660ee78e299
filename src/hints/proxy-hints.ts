import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { describeHost, createTlsOnlyHint, type HintFacts, type HintRule } from "./hint-rule.js";

/** The facts about an error of a proxy. */
type ProxyFacts = Pick<HintFacts, "status" | "type" | "url" | "retryAfterMs"> &
  Partial<Pick<HintFacts, "protocol" | "token">>;

/** A group of statuses with the same meaning, and its hint. */
interface ProxyStatus {
  readonly statuses: readonly number[];
  readonly hint: (facts: ProxyFacts) => Message;
}

/**
 * The statuses with which nginx, IIS, Envoy, Traefik, Cloudflare and the load balancers of AWS answer instead of ZITADEL. Most
 * statuses belong to one kind of proxy only, so a status does not occur with the other kinds.
 */
const proxyStatuses: readonly ProxyStatus[] = [
  {
    statuses: [413],
    hint: ({ url }) =>
      `the request is too large for the proxy at ${describeHost(url)}: raise its limit (client_max_body_size in nginx), or make the request smaller; ZITADEL itself takes up to 4 MiB`,
  },
  {
    statuses: [414],
    hint: ({ url, protocol }) =>
      optionText`the URL of the request is too long for the proxy at ${describeHost(url)}: check the path of ${phrase.baseUrl}${protocol === "json" ? optionText` and the ids in the request, use ${advice.protocolGrpcWeb}, whose URLs are short,` : ","} or raise the limit (large_client_header_buffers in nginx)`,
  },
  {
    statuses: [431, 494],
    hint: ({ url, token }) =>
      `the headers of the request are too large for the proxy at ${describeHost(url)}: send ${token ? `a shorter token (this one has ${token.length} characters)` : "a shorter token"}, fewer headers or fewer cookies, or raise the limit (large_client_header_buffers in nginx)`,
  },
  {
    statuses: [408],
    hint: ({ url }) =>
      `the request timed out: the proxy at ${describeHost(url)} waited too long for all of it, so check the network in between, and the time limit of the proxy`,
  },
  {
    statuses: [460, 499],
    hint: ({ url }) =>
      `the proxy at ${describeHost(url)} saw the connection close before ZITADEL answered: look for a timeout that is shorter than the call, here or in another proxy in between`,
  },
  {
    statuses: [420, 429, 509],
    hint: ({ url, retryAfterMs }) =>
      `a rate limit in front of ZITADEL rejected the request: ${retryAfterMs === undefined ? "wait, send fewer calls at once," : `wait ${formatSeconds(retryAfterMs)} as Retry-After says, send fewer calls at once,`} or raise the limit of ${describeHost(url)}`,
  },
  {
    statuses: [407],
    hint: ({ url }) =>
      `a proxy between this machine and ${describeHost(url)} requires its own credentials: send them to it, or connect to ${describeHost(url)} without it`,
  },
  {
    statuses: [511],
    hint: () =>
      "this network requires a sign-in: open a web page in a browser on this machine, and sign in",
  },
  {
    statuses: [440, 561],
    hint: ({ url }) =>
      optionText`a login proxy in front of ${describeHost(url)} requires its own sign-in: exempt the paths of the API from it, or set ${phrase.baseUrl} to an address behind it`,
  },
  {
    statuses: [401, 402, 403, 444, 451, 498],
    hint: ({ url, type }) =>
      `a proxy or firewall in front of ZITADEL rejected the request${type === "text/html" ? " with its own page" : ""}: configure ${describeHost(url)} to allow the paths of the API`,
  },
  {
    statuses: [405, 501],
    hint: ({ url, protocol }) =>
      optionText`the server at ${describeHost(url)} does not allow the HTTP method of this request: configure it to allow ${protocol === "json" ? "GET, POST, PUT and DELETE" : "POST"} for the paths of the API (IIS: remove WebDAVModule), or check host, port and path of ${phrase.baseUrl}`,
  },
  {
    statuses: [421],
    hint: ({ url }) =>
      `the proxy at ${describeHost(url)} does not serve this host name on this connection: check its server names and its certificate`,
  },
  {
    statuses: [426, 464, 505],
    hint: ({ url, protocol }) =>
      protocol === undefined
        ? `the load balancer at ${describeHost(url)} requires another version of HTTP: configure it to accept HTTP/1.1`
        : optionText`the load balancer at ${describeHost(url)} requires another version of HTTP than protocol "${protocol}" uses: use ${protocol === "grpc" ? advice.protocolJson : advice.protocolGrpc}, or configure it to accept this version`,
  },
  {
    statuses: [463],
    hint: ({ url }) =>
      `the load balancer at ${describeHost(url)} got an X-Forwarded-For header of more than 30 addresses: leave that header out, or look for proxies that form a loop`,
  },
  {
    statuses: [495, 496],
    hint: ({ url }) =>
      optionText`the proxy at ${describeHost(url)} requires a client certificate, and received none that it accepts: exempt the paths of the API from that, or set ${phrase.baseUrl} to an address behind the proxy`,
  },
  { statuses: [497], hint: createTlsOnlyHint },
  {
    statuses: [504, 598, 599],
    hint: (facts) =>
      `ZITADEL did not answer the proxy at ${describeHost(facts.url)} in time: check that ZITADEL runs, and that the proxy leads to it and waits long enough${formatRetryAfter(facts)}`,
  },
  {
    statuses: [520],
    hint: (facts) =>
      `ZITADEL, or a proxy in front of it, sent Cloudflare at ${describeHost(facts.url)} a response that Cloudflare cannot read: check the log of ZITADEL for a crash or a closed connection, and keep response headers below 128 KB${formatRetryAfter(facts)}`,
  },
  {
    statuses: [521],
    hint: (facts) =>
      `the server of ZITADEL refuses connections from Cloudflare at ${describeHost(facts.url)}: check that ZITADEL runs, on the port that Cloudflare uses, and that its firewall allows the addresses of Cloudflare${formatRetryAfter(facts)}`,
  },
  {
    statuses: [522],
    hint: (facts) =>
      `the server of ZITADEL does not accept a connection from Cloudflare at ${describeHost(facts.url)} in time: check the address in its DNS record, and that its firewall allows the addresses of Cloudflare${formatRetryAfter(facts)}`,
  },
  {
    statuses: [523],
    hint: (facts) =>
      `Cloudflare at ${describeHost(facts.url)} finds no route to the server of ZITADEL: check the address in its DNS record${formatRetryAfter(facts)}`,
  },
  {
    statuses: [524],
    hint: (facts) =>
      `ZITADEL accepted the connection of Cloudflare at ${describeHost(facts.url)}, but did not answer in time: check the load of ZITADEL and its database, and the time limit of Cloudflare${formatRetryAfter(facts)}`,
  },
  {
    statuses: [525],
    hint: ({ url }) =>
      `Cloudflare at ${describeHost(url)} cannot make a TLS connection to the server of ZITADEL: check that the server has TLS and a certificate on that port, or set the TLS mode of Cloudflare to match`,
  },
  {
    statuses: [526],
    hint: ({ url }) =>
      `Cloudflare at ${describeHost(url)} does not trust the certificate of the server of ZITADEL: renew it, add this host to it, or use an origin certificate of Cloudflare`,
  },
  {
    statuses: [527],
    hint: (facts) =>
      `Cloudflare at ${describeHost(facts.url)} lost its Railgun connection to the server of ZITADEL: turn Railgun off, which Cloudflare no longer supports${formatRetryAfter(facts)}`,
  },
  {
    statuses: [530],
    hint: (facts) =>
      `Cloudflare at ${describeHost(facts.url)} cannot find the server of ZITADEL: check its DNS record or its tunnel, and look up the error number (1000 to 1101) in the page of Cloudflare${formatRetryAfter(facts)}`,
  },
  {
    statuses: [529],
    hint: (facts) =>
      `the server at ${describeHost(facts.url)} is overloaded: send fewer calls at once${formatRetryAfter(facts)}`,
  },
];

/** The texts that Envoy sends as `grpc-message` to gRPC requests, and the HTTP statuses that they stand for. */
const envoyTexts: readonly (readonly [text: RegExp, status: number])[] = [
  [/^(?:upstream connect error|no healthy upstream|upstream reset)/, 503],
  [/^(?:upstream request timeout|stream timeout|response timeout)/, 504],
  [/^request timeout$/, 408],
  [/^RBAC: access denied/, 403],
  [/^local_rate_limited/, 429],
  [/^Payload Too Large/, 413],
];

/** The statuses of pages at a wrong address. */
const wrongAddress: ReadonlySet<number> = new Set([404, 410]);

/** Explains the status of a proxy's error. Returns undefined for a status that may as well be the result of a wrong address. */
export function explainProxyStatus(facts: ProxyFacts): Message | undefined {
  const { status = 0, type, url } = facts;
  if (status < 400 || wrongAddress.has(status)) {
    return undefined;
  }
  const row = proxyStatuses.find(({ statuses }) => statuses.includes(status));
  if (row !== undefined) {
    return row.hint(facts);
  }
  if (status >= 500) {
    return `a proxy in front of ZITADEL answered${type === "text/html" ? " with its own page" : ""}: check that ZITADEL runs, and that the proxy at ${describeHost(url)} leads to it${formatRetryAfter(facts)}`;
  }
  // Other 4xx statuses have too many causes for a hint. A web page rules out ZITADEL as the sender.
  return type === "text/html"
    ? `a proxy or firewall in front of ZITADEL rejected the request as malformed or not allowed: check the log of ${describeHost(url)}, and configure it to allow the paths of the API`
    : undefined;
}

/** Hints for errors and pages of proxies in front of ZITADEL, and of other servers. */
export const proxyHints: readonly HintRule[] = [
  {
    reason: "html",
    when: (facts) => facts.type === "text/html" && isProxyError(facts),
    hint: explainProxyError,
  },
  { when: isProxyError, hint: explainProxyError },
  {
    reason: "html",
    when: ({ type, status }) => status !== undefined && type === "text/html",
    hint: ({ url }) =>
      optionText`${describeHost(url)} serves web pages there, not the API: check host, port and path of ${phrase.baseUrl}, and where a proxy in between sends these paths`,
  },
  {
    reason: "foreign",
    when: ({ type, status = 0, protocol }) =>
      ((status >= 200 && status < 300) || status === 404) &&
      type !== "" &&
      !isApiType(type, protocol),
    hint: ({ url, type, protocol }) =>
      type === "application/grpc" && protocol !== "grpc"
        ? optionText`${describeHost(url)} supports gRPC only: use ${advice.protocolGrpc}, or another port`
        : optionText`another server than ZITADEL's API answers at ${describeHost(url)}: check host, port and path of ${phrase.baseUrl}`,
  },
];

function isProxyError(facts: HintFacts): boolean {
  return explainProxyError(facts) !== "";
}

function explainProxyError(facts: HintFacts): Message {
  const envoy = findEnvoyStatus(facts);
  // An error of ZITADEL itself does not come from a proxy, unless Envoy wrote it as a gRPC status.
  return facts.isFromZitadel && envoy === undefined
    ? ""
    : (explainProxyStatus({ ...facts, status: envoy ?? facts.status }) ?? "");
}

function findEnvoyStatus({ text }: HintFacts): number | undefined {
  return envoyTexts.find(([pattern]) => pattern.test(text))?.[1];
}

function formatRetryAfter({ retryAfterMs }: ProxyFacts): string {
  return retryAfterMs === undefined
    ? ""
    : `; Retry-After asks to wait ${formatSeconds(retryAfterMs)}`;
}

function formatSeconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}

function isApiType(type: string, protocol: HintFacts["protocol"]): boolean {
  return protocol === "json" || protocol === undefined
    ? /^application\/(?:[\w.-]+\+)?json$/.test(type)
    : type.startsWith(protocol === "grpc" ? "application/grpc" : "application/grpc-web");
}
