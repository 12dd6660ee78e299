import type { DescMessage } from "@bufbuild/protobuf";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import type { Access } from "../access.js";
import type { Eventually } from "../eventually.js";
import type { Owner, State } from "../state.js";

/** The input of a handler besides the request. */
export interface Context {
  readonly state: State;
  readonly access: Access;
  /** The owner of the providers that the service changes: the instance (AdminService) or the organization of the call. */
  readonly owner: Owner;
  /** The type of the request message. */
  readonly input: DescMessage;
}

/** A function that carries out one RPC: it takes the request message and returns the fields of the response. */
export type Handler<Request = never> = (request: Request, context: Context) => Eventually<Fields>;

/** The fields of a response message. */
export type Fields = Record<string, unknown>;

/** A pair of error ids, for commands whose id differs between the instance and organizations. */
export type Ids = readonly [instance: string, org: string];

/** Returns the error id for an owner. */
export function pick(owner: Owner, [instance, org]: Ids): string {
  return owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? instance : org;
}

/** Creates the ids `INST-<suffix>` and `ORG-<suffix>`. Some pairs differ in the suffix. */
export function ids(instance: string, org: string = instance): Ids {
  return [`INST-${instance}`, `ORG-${org}`];
}
