import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";
import type { Owner } from "../owner/owner.js";

/** The RPCs that read and update a login policy. */
export interface PolicyMethods {
  readonly get: typeof ManagementService.method.getLoginPolicy;
  readonly update: typeof ManagementService.method.updateCustomLoginPolicy;
}

/** Returns the RPCs on the login policy of an owner. The messages of both services have the same form. */
export function findPolicyMethods(kind: Owner["kind"]): PolicyMethods {
  if (kind === "org") {
    const { getLoginPolicy: get, updateCustomLoginPolicy: update } = ManagementService.method;
    return { get, update };
  }
  const { getLoginPolicy: get, updateLoginPolicy: update } = AdminService.method;
  return { get, update } as unknown as PolicyMethods;
}
