import type { SocketOptions } from "./socket/socket-options.js";

/**
 * Returns true if the option `proxy` names a forward proxy, which then gets all requests. A proxy of the environment gets none to
 * this machine.
 */
export function hasOwnProxy({ proxy }: SocketOptions): boolean {
  return proxy !== undefined && proxy !== false;
}
