import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { parseUrl } from "../utils/parse-url.js";
import { Code } from "@connectrpc/connect";
import { describeHost, createTlsOnlyHint, type HintFacts, type HintRule } from "./hint-rule.js";
import { withoutTrailingSlashes } from "../utils/without-trailing-slashes.js";

/** Words in the paths of login pages. */
const loginPath = /\b(?:log-?in|sign-?in|log-?on|sso|saml2?|authorize|auth|oauth2?)\b/i;
/** Host names of login services. A name counts only if it differs from the requested one, because ZITADEL has such names too. */
const loginHost = /^(?:accounts|login|signin|sso|auth|idp?)\.|cloudflareaccess/i;

/** Hints for calls that reached another server than ZITADEL's API, from the certain to the likely. */
export const responseHints: readonly HintRule[] = [
  {
    reason: "unknown-instance",
    when: ({ text }) => text.startsWith("unable to set instance using origin"),
    hint: explainUnknownInstance,
  },
  {
    reason: "path",
    when: ({ text }) => /^unknown service .*\/zitadel\./.test(text),
    hint: explainMisplacedPath,
  },
  {
    reason: "connect-protocol",
    when: ({ text, code, protocol }) =>
      protocol === undefined && text === "Not Found" && code === Code.Unimplemented,
    hint: () =>
      "these services do not support the Connect protocol: create the transport with zitadel-idp/transport/json, /grpc or /grpc-web",
  },
  {
    reason: "path",
    when: (facts) => isUnknownToGateway(facts) && hasPath(facts),
    hint: explainMisplacedPath,
  },
  {
    reason: "unknown-rpc",
    when: (facts) =>
      isUnknownToGateway(facts) ||
      /^unknown (?:method \w+ for )?service [\w.]+$/.test(facts.text) ||
      (facts.protocol === "json" && facts.status === 405 && facts.text === "Method Not Allowed"),
    hint: ({ protocol, url }) =>
      `the server at ${describeHost(url)} does not have this RPC: its ZITADEL may be older than the RPC${protocol === "json" ? ", or an id in the request is empty or contains a slash" : ""}`,
  },
  {
    reason: "login-page",
    when: ({ misrouting, location, url }) =>
      misrouting === "login-page" ||
      (location !== undefined && !isApiPath(location) && isLogin(location, url)),
    hint: ({ url, location }) =>
      optionText`a login proxy in front of ${describeHost(url)} requires its own sign-in${location && location.host !== url?.host ? ` at ${location.host}` : ""}: exempt the paths of the API from it, or set ${phrase.baseUrl} to an address behind it`,
  },
  {
    reason: "redirect",
    when: ({ status, misrouting }) =>
      misrouting === "redirect" || (status !== undefined && status >= 300 && status < 400),
    hint: explainRedirect,
  },
  {
    reason: "plain-on-tls-port",
    when: ({ misrouting }) => misrouting === "plain-on-tls-port",
    hint: createTlsOnlyHint,
  },
  {
    reason: "missing-trailers",
    when: ({ misrouting }) => misrouting === "missing-trailers",
    hint: ({ protocol }) =>
      protocol === "grpc-web"
        ? optionText`the last frame of the response is missing, which a proxy in between cut off: configure the proxy to forward bodies unchanged, or use ${advice.protocolJson}`
        : optionText`the trailers of the response are missing, which a proxy in between dropped: configure the proxy to use HTTP/2 on both sides, or use ${advice.protocolGrpcWebOrJson}`,
  },
  {
    reason: "http1",
    // In this order: the responses of ZITADEL's gateway to gRPC over HTTP/1, of an AWS load balancer, and of other servers.
    when: ({ protocol, status = 0, type }) =>
      protocol === "grpc" &&
      ((status === 404 && type === "application/json") ||
        [426, 464, 505].includes(status) ||
        ([400, 415].includes(status) && (type === "" || type === "text/html"))),
    hint: () =>
      optionText`a proxy in between forwards gRPC as HTTP/1, but gRPC needs HTTP/2 on the whole path: configure it for gRPC (h2c, in nginx grpc_pass), or use ${advice.protocolGrpcWebOrJson}`,
  },
  {
    reason: "foreign",
    when: ({ misrouting }) => misrouting === "foreign",
    hint: ({ url }) =>
      optionText`another program answered instead of ZITADEL's API at ${describeHost(url)}: check host, port and path of ${phrase.baseUrl}, and the proxies in between`,
  },
];

function explainUnknownInstance({ text, url, instanceHost }: HintFacts): Message {
  const asked = /origin &\{([^\s}]+)/.exec(text)?.[1] ?? "this name";
  const domain = /ExternalDomain is ([^\s)]+)/.exec(text)?.[1] ?? "its ExternalDomain";
  const sent = instanceHost === undefined ? url : parseUrl(`http://${instanceHost}`);
  const proxied =
    sent !== undefined && sent.hostname !== asked.replace(/:\d+$/, "")
      ? `; the request was sent to ${sent.hostname}, so configure the proxy in between to keep the Host header`
      : "";
  const fix =
    instanceHost === undefined
      ? optionText`put ${domain} into ${phrase.baseUrl}, or into ${advice.instanceHost} if ZITADEL has another address on this network`
      : optionText`put ${domain} into ${advice.instanceHost}`;
  return optionText`no ZITADEL instance has the host name ${asked} (no provider is missing): ${fix}, or add the name to the instance as a domain${proxied}`;
}

function isLogin({ host: to, pathname }: URL, asked: URL | undefined): boolean {
  return loginPath.test(pathname) || (to !== asked?.host && loginHost.test(to));
}

function isApiPath({ pathname }: URL): boolean {
  return /\/(?:(?:management|admin)\/v1\/|zitadel\.)/.test(pathname);
}

/** Returns true for grpc-gateway's response to a path without an RPC. An error of ZITADEL itself has an id in its text. */
function isUnknownToGateway({ text, protocol, status }: HintFacts): boolean {
  return protocol === "json" && status === 404 && text === "Not Found";
}

function hasPath({ url }: HintFacts): boolean {
  return url !== undefined && url.pathname !== "/";
}

function explainMisplacedPath({ url }: HintFacts): Message {
  const path = withoutTrailingSlashes(url?.pathname ?? "");
  return url && path
    ? optionText`ZITADEL has its API at the root of its host, not below ${path}: use ${url.origin} as ${phrase.baseUrl}, or configure the proxy in between to strip ${path}`
    : optionText`ZITADEL has its API at the root of its host: use its origin as ${phrase.baseUrl}, without a path or a slash at the end`;
}

function explainRedirect({ url, location }: HintFacts): Message {
  if (location === undefined || url === undefined) {
    return optionText`open ${phrase.baseUrl} in a browser to see where it leads, and put that address into ${phrase.baseUrl}`;
  }
  if (location.host === url.host && location.protocol === url.protocol) {
    return optionText`a proxy or the server redirected to a normalized path: remove extra slashes from ${phrase.baseUrl}, and check that no id in the request is empty, contains a slash, or consists of dots`;
  }
  return optionText`if that is your ZITADEL, put ${location.origin} into ${phrase.baseUrl}`;
}
