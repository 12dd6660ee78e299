import { Code } from "@connectrpc/connect";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, pickErrorId } from "../errors/error-ids.js";
import { createServerError } from "../errors/server-error.js";
import type { StoredOwner } from "../store/stored-owner.js";

/** Creates the error of a command that does not find a provider. For most types, the server translates only the text for the instance. */
export function createProviderNotFoundError(
  owner: StoredOwner,
  ids: ErrorIds,
  orgKey = "Errors.Org.IDPConfig.NotExisting",
): Error {
  const onInstance = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM;
  return createServerError(
    Code.NotFound,
    pickErrorId(owner, ids),
    onInstance ? "Errors.IDPConfig.NotExisting" : orgKey,
  );
}
