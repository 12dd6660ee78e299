import type { DescMessage } from "@bufbuild/protobuf";
import type { MaybePromise } from "../maybe-promise.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { EventRecorder } from "../store/event-recorder.js";
import type { ServiceUser } from "../store/service-user.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** The input of a handler besides the request. */
export interface RpcContext {
  readonly state: EmulatorState;
  /** The owner of the providers that the service changes: the instance (AdminService) or the organization of the call. */
  readonly owner: StoredOwner;
  /** The caller. */
  readonly user: ServiceUser;
  /** The history of the owner, for events of the caller. */
  readonly events: EventRecorder;
  /** The type of the request message. */
  readonly input: DescMessage;
  /** The origin of the instance, as the caller reached it. */
  readonly origin: string;
}

/** A function that carries out one RPC: it takes the request message and returns the fields of the response. */
export type RpcHandler<Request = never> = (
  request: Request,
  context: RpcContext,
) => MaybePromise<ResponseFields>;

/** The fields of a response message. */
export type ResponseFields = Record<string, unknown>;
