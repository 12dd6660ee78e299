import { domainToUnicode } from "node:url";
// @ts-expect-error: it has no declarations
import { getProxyForUrl } from "proxy-from-env";
import { isLoopback } from "../../utils/is-loopback.js";
import { withoutFinalDot } from "../../utils/without-final-dot.js";
import { isAddressListed } from "./is-address-listed.js";

/** An environment variable. */
interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * Returns the proxy that environment variables name for requests to `url`: HTTPS_PROXY or HTTP_PROXY, or else ALL_PROXY, unless NO_PROXY
 * excludes the host. A variable in lower case takes precedence.
 *
 * Addresses of this machine never use a proxy of the environment, as in Go and in browsers: another machine cannot reach them, and
 * a token for `http://localhost` would travel unencrypted.
 */
export function findEnvironmentProxy(url: URL): Variable | undefined {
  const names = [`${url.protocol.slice(0, -1)}_proxy`, "all_proxy"].flatMap(listBothCases);
  const exclusions = listBothCases("no_proxy");
  if (isLoopback(url.hostname) || !canReadVariables([...names, ...exclusions])) {
    return undefined;
  }
  const found = findVariable(names);
  const excluded = findVariable(exclusions)?.value;
  return found === undefined || (excluded !== undefined && isExcluded(url, excluded))
    ? undefined
    : found;
}

/** Returns true if `excluded`, the value of NO_PROXY, has the host of a URL, or a network with its address. */
function isExcluded({ protocol, hostname, port }: URL, excluded: string): boolean {
  const name = withoutFinalDot(hostname);
  // proxy-from-env compares texts, so try each spelling that an entry may have. It reads NO_PROXY itself, and returns "" for an excluded
  // host.
  return (
    [name, domainToUnicode(name)]
      .flatMap((each) => [each, `${each}.`])
      .some((host) => (getProxyForUrl as GetProxyForUrl)({ protocol, host, port }) === "") ||
    // proxy-from-env does not support networks.
    isAddressListed(hostname, excluded)
  );
}

/** The function of proxy-from-env that returns the URL of the proxy for a URL, or an empty text for none. */
type GetProxyForUrl = (url: Pick<URL, "protocol" | "host" | "port">) => string;

/** Returns all variables that name a proxy, for any URL. */
export function listEnvironmentProxies(): Variable[] {
  const names = ["https_proxy", "http_proxy", "all_proxy"].flatMap(listBothCases);
  return names.flatMap((name) => (canReadVariables([name]) ? (findVariable([name]) ?? []) : []));
}

function listBothCases(name: string): string[] {
  return [name, name.toUpperCase()];
}

/** Returns the first variable that is set and not empty. */
function findVariable(names: readonly string[]): Variable | undefined {
  for (const name of names) {
    const value = process.env[name];
    if (value) {
      return { name, value };
    }
  }
  return undefined;
}

/** The permissions of Deno. */
interface DenoPermissions {
  querySync(descriptor: { name: "env"; variable: string }): { readonly state: string };
}

/** Returns false in Deno if the program may not read one of these variables. Reading it would prompt the user, or throw. */
function canReadVariables(names: readonly string[]): boolean {
  const { Deno: deno } = globalThis as { Deno?: { readonly permissions: DenoPermissions } };
  return (
    deno === undefined ||
    names.every(
      (variable) => deno.permissions.querySync({ name: "env", variable }).state === "granted",
    )
  );
}
