import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { Call } from "../../call/call.js";
import { toZitadelError } from "../errors/to-zitadel-error.js";
import type { HookOptions } from "./hooks.js";
import { callAttributes, notifyHook } from "./observe.js";

/** Notifies the hook `onRetry` of a failed attempt that will be retried. */
export function observeRetry(
  options: HookOptions,
  method: DescMethod,
  input: unknown,
  call: Call,
  failed: { readonly attempt: number; readonly pauseMs: number; readonly error: ConnectError },
): void {
  const { protocol, baseUrl, hooks } = options;
  notifyHook(hooks, "onRetry", () => ({
    attributes: callAttributes(options, method),
    attempt: failed.attempt,
    pauseMs: failed.pauseMs,
    error: toZitadelError(failed.error, { method, input, call, protocol, baseUrl }),
  }));
}
