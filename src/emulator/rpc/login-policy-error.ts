import type { Code, ConnectError } from "@connectrpc/connect";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { serverError } from "../errors/server-error.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** Creates an error of a command on a login policy, whose text differs between the instance and organizations. */
export function loginPolicyError(
  owner: StoredOwner,
  code: Code,
  ids: ErrorIds,
  reason: string,
): ConnectError {
  const level = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "Instance" : "Org";
  return serverError(code, pickErrorId(owner, ids), `Errors.${level}.LoginPolicy.${reason}`);
}
