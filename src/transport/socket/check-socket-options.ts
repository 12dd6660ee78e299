import { checkTls } from "./check-tls.js";
import { findProxy } from "./find-proxy.js";
import type { SocketOptions } from "./socket-options.js";

/**
 * Checks the options for sockets to `baseUrl`, and the environment variables for a proxy. Throws a TypeError that names the invalid
 * option or variable.
 */
export function checkSocketOptions(baseUrl: string | URL, { proxy, tls }: SocketOptions): void {
  findProxy(baseUrl, proxy);
  if (tls !== undefined) {
    checkTls(tls);
  }
}
