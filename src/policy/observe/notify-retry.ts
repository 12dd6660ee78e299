import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { Call } from "../../call/call.js";
import { convertError } from "../errors/convert-error.js";
import type { HookOptions } from "./hooks.js";

/** A retry that is about to begin. */
interface PendingRetry {
  readonly call: Call;
  readonly method: DescMethod;
  /** The request of the caller. Its secrets must not be in the error of the event. */
  readonly input: unknown;
  readonly error: ConnectError;
  readonly pauseMs: number;
}

/** Notifies the hook `onRetry`. A failed import of the code for hooks or errors must not make the call fail. */
export async function notifyRetry(retry: PendingRetry, options: HookOptions): Promise<void> {
  const { hooks, protocol, baseUrl } = options;
  if (hooks?.onRetry === undefined) {
    return;
  }
  try {
    // Load the code for hooks on demand: it redacts messages.
    const { notifyRetryHook } = await import("./observe.js");
    const error = await convertError(retry.error, { ...retry, protocol, baseUrl });
    notifyRetryHook({ ...retry, error, attempt: retry.call.attempts }, options);
  } catch {
    // Without this code, the hook is not notified.
  }
}
