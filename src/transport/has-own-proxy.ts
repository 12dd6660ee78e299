import type { SocketOptions } from "./socket/socket-options.js";

/** Returns true if the option `proxy` names a forward proxy. It gets all requests, unlike a proxy of the environment. */
export function hasOwnProxy({ proxy }: SocketOptions): boolean {
  return proxy !== undefined && proxy !== false;
}
