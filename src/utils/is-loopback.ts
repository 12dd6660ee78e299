import { withoutFinalDot } from "./without-final-dot.js";

/** Returns true if the host name of a URL stands for this machine. Requests to it cross no network. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(withoutFinalDot(hostname));
}
