import { withoutFinalDot } from "./without-final-dot.js";

/** Returns true if a URL's host name is this machine, so that requests to it cross no network. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(withoutFinalDot(hostname));
}
