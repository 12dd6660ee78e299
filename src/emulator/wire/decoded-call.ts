import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { AuthorizedCaller } from "../authorize.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { HeaderList } from "./http-message.js";

/** A decoded call, independent of its wire protocol. */
export interface DecodedCall {
  readonly method: DescMethodUnary;
  readonly message: Message;
  /** The headers, or the gRPC metadata. */
  readonly metadata: HeaderList;
  /** The host and port that the client requested. They select the instance. */
  readonly authority: string;
  /** The origin of the instance, as the client reached it. */
  readonly origin: string;
  /** The time in milliseconds after which the client wants no response any more. Infinity without a timeout. */
  readonly timeoutMs: number;
  /** Called with the caller and the organization once authorization succeeds. */
  readonly onAuthorized?: (caller: AuthorizedCaller) => void;
}

/** A function that carries out a decoded call. */
export type CallHandler = (call: DecodedCall) => MaybePromise<Message>;
