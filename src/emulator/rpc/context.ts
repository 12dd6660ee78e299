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

/**
 * White space as Go's `strings.TrimSpace` knows it. JavaScript's `trim` also takes the byte order mark, which the
 * server stores, and leaves U+0085.
 */
const space =
  "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const surroundingSpace = new RegExp(`^${space}|${space}$`, "g");

/** Trims as the server does. */
export function trim(text: string): string {
  return text.replace(surroundingSpace, "");
}
