import type { DescMethod } from "@bufbuild/protobuf";
import type { Ending } from "../../call/call-end.js";
import type { Call } from "../../call/call.js";
import type { Protocol } from "../../call/protocol.js";

/** The facts about a failed call besides the error that its transport threw. */
export interface FailedCall {
  readonly method: DescMethod;
  /** The request of the caller. Its secrets must not be in the error. */
  readonly input: unknown;
  readonly protocol: Protocol | undefined;
  readonly baseUrl: string | undefined;
  readonly call: Call;
  /** The reason why the client ended the call, if it did. */
  readonly ending?: Ending | undefined;
  /** The time that was left until the deadline when the call failed, in milliseconds. Default: infinity. */
  readonly remainingMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** The abort reason of the caller's signal. */
  readonly abortReason?: unknown;
}
