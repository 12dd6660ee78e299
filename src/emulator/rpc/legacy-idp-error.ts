import { Code, type ConnectError } from "@connectrpc/connect";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { serverError } from "../errors/server-error.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** Creates an error of a legacy command, whose text is a bare key. */
export function legacyIdpError(
  owner: StoredOwner,
  code: Code,
  ids: ErrorIds,
  reason: string,
): ConnectError {
  const level = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "Instance" : "Org";
  return serverError(code, pickErrorId(owner, ids), `Errors.${level}.IDPConfig.${reason}`);
}
