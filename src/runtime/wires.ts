import type { Transport } from "@connectrpc/connect";
import { lazyTransport } from "./lazy.js";
import type { Connection, ConnectionOptions } from "./runtime.js";

type CreateTransport = (
  options: ConnectionOptions & { interceptors: Parameters<Connection["transport"]>[0] },
) => Transport;

/** A wire that keeps no connection of its own: what sends its requests does. */
export function wire(create: CreateTransport): (options: ConnectionOptions) => Connection {
  return (options) => ({
    transport: (interceptors) => create({ ...options, interceptors }),
    stopConnecting: () => undefined,
    close: () => undefined,
  });
}

/** The same, of a wire that is loaded with its first call. */
export function lazyWire(
  load: () => Promise<CreateTransport>,
): (options: ConnectionOptions) => Connection {
  return wire((options) => lazyTransport(async () => (await load())(options)));
}
