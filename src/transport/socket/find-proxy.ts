import type { Message } from "../../utils/message.js";
import { throwInvalidOption } from "../../utils/option-error.js";
import { advice } from "../../zitadel/advice-phrases.js";
import { optionText } from "../../utils/option-text.js";
import { ProxyVariableError } from "./proxy-variable-error.js";
import type { SocketOptions } from "./socket-options.js";
import { findEnvironmentProxy } from "./proxy-environment.js";

/**
 * Returns the URL of the forward proxy for requests to `target`: that of the option `proxy`, or else that of the environment
 * variables. Returns undefined if there is none. Throws a TypeError that names the option or the variable if its value is not the
 * URL of a proxy.
 */
export function findProxy(target: string | URL, proxy: SocketOptions["proxy"]): URL | undefined {
  if (proxy === false) {
    return undefined;
  }
  if (proxy !== undefined) {
    // A program in JavaScript may pass a value of any type.
    const value: unknown = proxy;
    if (typeof value !== "string" && (typeof value !== "object" || value === null)) {
      throwInvalidOption(
        "proxy",
        `must be the URL of a proxy, e.g. "http://proxy.example:3128", or false for none`,
      );
    }
    return parseProxy(String(proxy), (problem) => throwInvalidOption("proxy", problem));
  }
  const found = findEnvironmentProxy(new URL(target));
  return (
    found &&
    parseProxy(found.value, (problem) => {
      throw new ProxyVariableError(found.name, problem);
    })
  );
}

/** Parses the URL of a proxy. As in curl, a URL without a scheme means `http:`. The error never repeats the URL. */
function parseProxy(text: string, reject: (problem: Message) => never): URL {
  const full = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const problem = findProxyProblem(url);
  if (url === undefined || problem !== undefined) {
    return reject(problem ?? "must be the URL of a proxy");
  }
  return url;
}

function findProxyProblem(url: URL | undefined): Message | undefined {
  if (url?.protocol.startsWith("socks")) {
    return optionText`SOCKS proxies are not supported; use a proxy with an http:// or https:// URL, or connect without one (${advice.noProxy}, NO_PROXY)`;
  }
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    return 'must be the URL of a proxy, e.g. "http://proxy.example:3128"; a special character in its password is percent-encoded, e.g. %40 for @';
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return "must end after the host and port of the proxy, without a path, a query or a fragment; a special character in its password is percent-encoded, e.g. %2F for /";
  }
  try {
    decodeURIComponent(url.username + url.password);
    return undefined;
  } catch {
    return "the user name or password is not percent-encoded; write %25 for the character %";
  }
}
