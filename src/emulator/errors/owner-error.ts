import type { Code, ConnectError } from "@connectrpc/connect";
import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import { type ErrorIds, type OwnerLevel, pickErrorId } from "./error-ids.js";
import { createServerError } from "./server-error.js";

/** Creates an error of a command whose translation key names the level of the owner, such as `Errors.Org.LoginPolicy.NotFound`. */
export function createOwnerError(
  owner: OwnerLevel,
  code: Code,
  ids: ErrorIds,
  key: `${"IDPConfig" | "LoginPolicy"}.${string}`,
): ConnectError {
  const level = owner.type === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? "Instance" : "Org";
  return createServerError(code, pickErrorId(owner, ids), `Errors.${level}.${key}`);
}
