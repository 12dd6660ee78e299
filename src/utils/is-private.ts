import { isLoopback } from "./loopback.js";

/**
 * Returns true if nobody on the way can read a request to `url`: it uses TLS, or it stays on this machine. A request to this machine
 * leaves it if it goes through a forward proxy.
 */
export function isPrivate(url: URL, hasProxy: boolean): boolean {
  return url.protocol !== "http:" || (isLoopback(url.hostname) && !hasProxy);
}
