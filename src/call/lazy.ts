import { Code, type Transport } from "@connectrpc/connect";
import { unsentError } from "./unsent-error.js";
import { CallTransport } from "./call-transport.js";

/** A value that is loaded once, when it is first needed. */
interface Lazy<T> {
  /** The value, or undefined if it is not loaded yet. */
  readonly now: T | undefined;
  load(): Promise<T>;
}

/**
 * Delays `load` until the value is needed. A failure is reported as that of a call that was not sent, and the next call loads
 * again.
 */
export function lazy<T>(load: () => Promise<T>): Lazy<T> {
  let now: T | undefined;
  let loading: Promise<T> | undefined;
  return {
    get now() {
      return now;
    },
    async load() {
      try {
        return (now ??= await (loading ??= load()));
      } catch (cause) {
        loading = undefined;
        throw unsentError("a part of zitadel-idp cannot be loaded", Code.Unavailable, cause);
      }
    },
  };
}

/** Creates a transport that loads one of our transports with the first call. Nothing is sent before that. */
export function lazyTransport(load: () => Promise<CallTransport>): CallTransport {
  const inner = lazy(load);
  const stream: Transport["stream"] = async (...call) =>
    await (inner.now ?? (await inner.load())).stream(...call);
  return new CallTransport(
    (call, request) =>
      inner.now === undefined
        ? inner.load().then((transport) => transport.send(call, request))
        : inner.now.send(call, request),
    stream,
  );
}
