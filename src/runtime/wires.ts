import type { Transport } from "@connectrpc/connect";
import { lazyTransport } from "./lazy.js";
import type { Connection, ConnectionOptions } from "./runtime.js";

type CreateTransport = (
  options: ConnectionOptions & { interceptors: Parameters<Connection["transport"]>[0] },
) => Transport;

/** Creates a wire without a connection of its own. The sender of its requests (`fetch`, undici) manages connections. */
export function wire(create: CreateTransport): (options: ConnectionOptions) => Connection {
  return (options) => ({
    transport: (interceptors) => create({ ...options, interceptors }),
    stopConnecting: () => undefined,
    close: () => undefined,
  });
}

/** Creates such a wire from a transport whose code is loaded with its first call. */
export function lazyWire(
  load: () => Promise<CreateTransport>,
): (options: ConnectionOptions) => Connection {
  return wire((options) => lazyTransport(async () => (await load())(options)));
}
