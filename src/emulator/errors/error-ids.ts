import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";

/** A pair of error ids, for commands whose id differs between the instance and organizations. */
export type ErrorIds = readonly [instance: string, org: string];

/** The level of an owner, on which the texts and ids of errors depend. */
export interface OwnerLevel {
  readonly type: IDPOwnerType;
}

/** Returns the error id for an owner. */
export function pickErrorId(owner: OwnerLevel, [instance, org]: ErrorIds): string {
  return owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? instance : org;
}

/** Creates the ids `INST-<suffix>` and `ORG-<suffix>`. Some pairs differ in the suffix. */
export function errorIds(instance: string, org: string = instance): ErrorIds {
  return [`INST-${instance}`, `ORG-${org}`];
}
