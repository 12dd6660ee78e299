import type { Message } from "../utils/message.js";
import { advice } from "../zitadel/advice-phrases.js";
import { phrase } from "../zitadel/option-phrases.js";
import { optionText } from "../utils/option-text.js";
import { parseUrl } from "../utils/parse-url.js";
import { Code } from "@connectrpc/connect";
import { describeHost, tlsOnlyHint, type HintFacts, type HintRule } from "./hint-rule.js";
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
      `the server at ${describeHost(url)} does not have this RPC: its ZITADEL may be older than the RPC${protocol === "json" ? ", or an id in the request is empty or has a slash" : ""}`,
  },
  {
    reason: "login-page",
    when: ({ text, location, url }) =>
      text.endsWith("with a page to log in") ||
      (location !== undefined && !isApiPath(location) && isLogin(location, url)),
    hint: ({ url, location }) =>
      optionText`something in front of ${describeHost(url)} wants a login${location && location.host !== url?.host ? ` at ${location.host}` : ""} before it lets anything through: exempt the paths of the API from it, or put an address behind it into ${phrase.baseUrl}`,
  },
  {
    reason: "redirect",
    when: ({ status, text }) =>
      (status !== undefined && status >= 300 && status < 400) ||
      /^the server answered (?:with )?a redirect/.test(text),
    hint: explainRedirect,
  },
  {
    reason: "plain-on-tls-port",
    when: ({ text }) => text.endsWith("that this port is for TLS"),
    hint: tlsOnlyHint,
  },
  {
    reason: "missing-trailers",
    when: ({ text }) => /^(?:protocol error: missing status|missing trailers?)$/.test(text),
    hint: ({ protocol }) =>
      protocol === "grpc-web"
        ? optionText`the last frame of the response is missing, which a proxy in between cut off: let it pass bodies on unchanged, or use ${advice.protocolJson}`
        : optionText`the trailers of the response are missing, which a proxy in between dropped: let it use HTTP/2 on both sides, or use ${advice.protocolGrpcWebOrJson}`,
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
    when: ({ text }) => /^the server answered HTTP 2\d\d with JSON that is no /.test(text),
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
      ? `; ${sent.hostname} is not what arrived, so a proxy in between must keep the Host header`
      : "";
  const fix =
    instanceHost === undefined
      ? optionText`put ${domain} into ${phrase.baseUrl}, or into ${advice.instanceHost} if ZITADEL has another address here`
      : optionText`put ${domain} into ${advice.instanceHost}`;
  return optionText`no provider is missing: no instance has the host name ${asked}, so ${fix}, or add the name to the instance as a domain${proxied}`;
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
    ? optionText`ZITADEL has its API at the root of its host, not below ${path}: use ${url.origin} as ${phrase.baseUrl}, or let the proxy in between take ${path} away`
    : optionText`ZITADEL has its API at the root of its host: use its origin as ${phrase.baseUrl}, without a path or a slash at the end`;
}

function explainRedirect({ url, location }: HintFacts): Message {
  if (location === undefined || url === undefined) {
    return optionText`open ${phrase.baseUrl} in a browser to see where it leads, and put that address into ${phrase.baseUrl}`;
  }
  if (location.host === url.host && location.protocol === url.protocol) {
    return optionText`the path of the request is cleaned on the way: check ${phrase.baseUrl} for slashes too many, and that no id is empty or has a slash or dots only`;
  }
  return optionText`if that is your ZITADEL, put ${location.origin} into ${phrase.baseUrl}`;
}
