import type { Connection } from "./connection.js";

/**
 * Returns the connection in the fragment of the address, `#url=…&token=…`, and removes it from the address, so that the token stays
 * out of the history and of copied links. Returns undefined if there is none. Browsers never send the fragment to a server.
 */
export function readFragment(): Connection | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const [baseUrl, token] = [fragment.get("url"), fragment.get("token")];
  if (baseUrl === null || token === null) {
    return undefined;
  }
  history.replaceState(null, "", location.pathname + location.search);
  return { baseUrl, token };
}
