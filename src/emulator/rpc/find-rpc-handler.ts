import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { AdminService } from "../../../gen/zitadel/admin_pb.js";
import { AuthService } from "../../../gen/zitadel/auth_pb.js";
import { ManagementService } from "../../../gen/zitadel/management_pb.js";
import { IdentityProviderService } from "../../../gen/zitadel/idp/v2/idp_service_pb.js";
import { UserService } from "../../../gen/zitadel/user/v2/user_service_pb.js";
import { startIntent } from "./start-intent.js";
import { getProviderOfAnyOwner } from "./get-provider-of-any-owner.js";
import { humanLinkHandlers } from "./human-link-handlers.js";
import { adminLegacyIdpHandlers, managementLegacyIdpHandlers } from "./legacy-idp-handlers.js";
import {
  adminLoginPolicyHandlers,
  managementLoginPolicyHandlers,
} from "./login-policy-handlers.js";
import { loginPolicyFactorHandlers } from "./login-policy-factors.js";
import { migrateToType } from "./migrate-to-type.js";
import { eventHandlers, ownChangeHandlers } from "./operators/event-handlers.js";
import { instanceHandlers } from "./operators/instance-handlers.js";
import {
  organizationHandlers,
  ownOrganizationHandlers,
} from "./operators/organization-handlers.js";
import { getUserOfOrganization, userHandlers } from "./operators/user-handlers.js";
import { providerHandlers } from "./provider-handlers.js";
import type { RpcHandler } from "./rpc-handler.js";

/** The handlers of all emulated RPCs, by service and name. */
const rpcHandlers: Readonly<Record<string, Readonly<Record<string, RpcHandler>>>> = {
  [ManagementService.typeName]: {
    ...providerHandlers,
    ...managementLegacyIdpHandlers,
    ...managementLoginPolicyHandlers,
    ...humanLinkHandlers,
    ...loginPolicyFactorHandlers,
    ...ownOrganizationHandlers,
    ...ownChangeHandlers,
    GetUserByID: getUserOfOrganization,
    MigrateGenericOIDCProvider: migrateToType,
  },
  [AdminService.typeName]: {
    ...providerHandlers,
    ...adminLegacyIdpHandlers,
    ...adminLoginPolicyHandlers,
    ...loginPolicyFactorHandlers,
    ...organizationHandlers,
    ...instanceHandlers,
    ...eventHandlers,
    MigrateGenericOIDCProvider: migrateToType,
  },
  [AuthService.typeName]: userHandlers,
  [IdentityProviderService.typeName]: { GetIDPByID: getProviderOfAnyOwner },
  [UserService.typeName]: { StartIdentityProviderIntent: startIntent },
};

/** Returns the handler of an RPC. The cast is safe because the table lists each handler under the name of its own RPC. */
export function findRpcHandler({ name, parent }: DescMethodUnary): RpcHandler<Message> {
  const handler = rpcHandlers[parent.typeName]?.[name];
  if (handler === undefined) {
    throw new ConnectError(`${parent.typeName}/${name} is not emulated`, Code.Unimplemented);
  }
  return handler as RpcHandler<Message>;
}
