import type { Transport } from "@connectrpc/connect";
import { lazyTransport } from "../call/lazy.js";
import type { Connection, ConnectionOptions } from "./runtime.js";

type CreateTransport = (
  options: ConnectionOptions & { interceptors: Parameters<Connection["transport"]>[0] },
) => Transport;

/**
 * Adapts the factory of a transport that keeps no connection to a wire protocol of a runtime. Closing does nothing, because the
 * sender of the requests (`fetch`, `node:http`) manages connections.
 */
export function wire(create: CreateTransport): (options: ConnectionOptions) => Connection {
  return (options) => ({
    transport: (interceptors) => create({ ...options, interceptors }),
    stopConnecting: () => undefined,
    close: () => undefined,
  });
}

/** Adapts the factory of such a transport, whose code is loaded with its first call. */
export function lazyWire(
  load: () => Promise<CreateTransport>,
): (options: ConnectionOptions) => Connection {
  return wire((options) => lazyTransport(async () => (await load())(options)));
}
