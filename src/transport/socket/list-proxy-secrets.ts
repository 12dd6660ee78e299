import { findProxy } from "./find-proxy.js";
import { listEnvironmentProxies } from "./proxy-environment.js";
import type { SocketOptions } from "./socket-options.js";

/** The length from which a user name counts as a secret, in characters. A shorter one may be a word of an error, such as "proxy". */
const minUserLength = 8;

/**
 * Returns the credentials of the forward proxies that requests may use: the proxy of the option `proxy`, or else all proxies of the
 * environment. A proxy may repeat its credentials in a response, and no error may show them.
 */
export function listProxySecrets(proxy: SocketOptions["proxy"]): string[] {
  const proxies =
    proxy === undefined ? listEnvironmentProxies().map(({ value }) => value) : [proxy];
  return proxies.flatMap((each) => {
    try {
      return listCredentials(findProxy("", each));
    } catch {
      // Ignore an invalid variable. It is for other URLs than the client's: `findProxy` has checked the variable for those.
      return [];
    }
  });
}

/** Returns the password and the user name of a proxy, alone and together, percent-encoded as in the URL and decoded. */
function listCredentials(proxy: URL | undefined): string[] {
  if (proxy === undefined) {
    return [];
  }
  const { username, password } = proxy;
  if (username === "" && password === "") {
    return [];
  }
  const isUserSecret = password === "" || username.length >= minUserLength;
  // The base64 of a pair, which is the form of HTTP Basic, is searched for too.
  const encoded = [`${username}:${password}`, password, ...(isUserSecret ? [username] : [])];
  return [...encoded, ...encoded.map(decodeURIComponent)];
}
