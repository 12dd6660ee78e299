import type { SocketOptions } from "./socket/socket-options.js";

/**
 * Returns true if the option `proxy` names a forward proxy. It gets all requests. A proxy of the environment never gets requests to
 * this machine, so a token for this machine needs no TLS because of it.
 */
export function hasOwnProxy({ proxy }: SocketOptions): boolean {
  return proxy !== undefined && proxy !== false;
}
