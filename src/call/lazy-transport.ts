import type { Transport } from "@connectrpc/connect";
import { CallTransport } from "./call-transport.js";
import { createLazy } from "./create-lazy.js";

/** Creates a transport that loads one of our transports with the first call. */
export function createLazyTransport(load: () => Promise<CallTransport>): CallTransport {
  const inner = createLazy(load);
  const stream: Transport["stream"] = async (...call) =>
    await (inner.value ?? (await inner.load())).stream(...call);
  return new CallTransport(
    (call, request) =>
      inner.value === undefined
        ? inner.load().then((transport) => transport.send(call, request))
        : inner.value.send(call, request),
    stream,
  );
}
