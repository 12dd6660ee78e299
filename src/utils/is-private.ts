import { isLoopback } from "./is-loopback.js";

/**
 * Returns true if nobody on the way can read a request to `url`: the request uses TLS, or stays on this machine. A forward proxy
 * takes even a request to this machine off it.
 */
export function isPrivate(url: URL, hasProxy: boolean): boolean {
  return url.protocol !== "http:" || (isLoopback(url.hostname) && !hasProxy);
}
