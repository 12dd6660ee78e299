import { Code } from "@connectrpc/connect";
import { createUnsentError } from "./unsent-error.js";

/** A value that is loaded once, when it is first needed. */
interface Lazy<T> {
  /** The value, or undefined if it is not loaded yet. */
  readonly value: T | undefined;
  load(): Promise<T>;
}

/**
 * Delays `load` until the value is needed. If loading fails, the call fails as not sent, and the next call loads again.
 */
export function createLazy<T>(load: () => Promise<T>): Lazy<T> {
  let value: T | undefined;
  let loading: Promise<T> | undefined;
  return {
    get value() {
      return value;
    },
    async load() {
      try {
        return (value ??= await (loading ??= load()));
      } catch (cause) {
        loading = undefined;
        throw createUnsentError(
          "a part of zitadel-idp cannot be loaded: check the files and the network",
          Code.Unavailable,
          cause,
        );
      }
    },
  };
}
