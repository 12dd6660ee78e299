import { findProxy } from "./find-proxy.js";
import { listEnvironmentProxies } from "./proxy-environment.js";
import type { SocketOptions } from "./socket-options.js";

/** The length from which a user name counts as a secret, in characters. A shorter one may be a word of an error, such as "proxy". */
const minUserLength = 8;

/**
 * Returns the credentials of the forward proxies that requests may use: that of the option `proxy`, or else all of the environment. A
 * proxy may repeat them in its answer, and no error may show them.
 */
export function listProxySecrets(proxy: SocketOptions["proxy"]): string[] {
  const proxies =
    proxy === undefined ? listEnvironmentProxies().map(({ value }) => value) : [proxy];
  return proxies.flatMap((each) => {
    try {
      return listCredentials(findProxy("", each));
    } catch {
      // A variable for other URLs than those of the client, with an invalid value.
      return [];
    }
  });
}

/** Returns the password, and the user name with it, as the URL has them and as the proxy gets them. */
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
