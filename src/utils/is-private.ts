import { isLoopback } from "./is-loopback.js";

/**
 * Returns true if nobody on the network path can read a request to `url`: the request uses TLS, or stays on this machine. Through a forward
 * proxy, even a request to this machine leaves it.
 */
export function isPrivate(url: URL, hasProxy: boolean): boolean {
  return url.protocol !== "http:" || (isLoopback(url.hostname) && !hasProxy);
}
