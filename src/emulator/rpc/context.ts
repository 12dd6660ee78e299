import type { DescMessage } from "@bufbuild/protobuf";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import type { Access } from "../access.js";
import type { Eventually } from "../eventually.js";
import type { Owner, State } from "../state.js";

/** What a handler works on. */
export interface Context {
  readonly state: State;
  readonly access: Access;
  /** Whose providers the service changes: the instance (AdminService) or the organization of the call. */
  readonly owner: Owner;
  /** The type of the request. */
  readonly input: DescMessage;
}

/** Carries out one RPC: takes the request message, gives the fields of the response. */
export type Handler<Request = never> = (request: Request, context: Context) => Eventually<Fields>;

/** The fields of a response message. */
export type Fields = Record<string, unknown>;

/** An error id on each of the two levels, where the server has one for each. */
export type Ids = readonly [instance: string, org: string];

/** The id that counts for this owner. */
export function pick(owner: Owner, [instance, org]: Ids): string {
  return owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? instance : org;
}

/** The ids `INST-<suffix>` and `ORG-<suffix>`; some differ in the suffix. */
export function ids(instance: string, org: string = instance): Ids {
  return [`INST-${instance}`, `ORG-${org}`];
}
