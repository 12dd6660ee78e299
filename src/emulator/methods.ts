import type { DescMethodUnary, DescService } from "@bufbuild/protobuf";
import { AdminOperatorsService } from "../../gen/zitadel/admin_operators_pb.js";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { AuthService } from "../../gen/zitadel/auth_pb.js";
import { ManagementOperatorsService } from "../../gen/zitadel/management_operators_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { IdentityProviderService } from "../../gen/zitadel/idp/v2/idp_service_pb.js";
import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.js";

/** RPCs by service and then by name. */
type MethodTable = ReadonlyMap<string, ReadonlyMap<string, DescMethodUnary>>;

/** The RPCs on identity providers. */
export const methods: MethodTable = createMethodTable(ManagementService, AdminService);

/**
 * The RPCs that the emulator serves: those on identity providers, those for operators, and two of ZITADEL's v2 services, the start of a
 * sign-in and the read of a provider.
 */
export const servedMethods: MethodTable = createMethodTable(
  ManagementService,
  ManagementOperatorsService,
  AdminService,
  AdminOperatorsService,
  AuthService,
  UserService,
  IdentityProviderService,
);

/** Creates a table of the unary RPCs of descriptors. Several descriptors may each hold a part of one service. */
function createMethodTable(...services: readonly DescService[]): MethodTable {
  const table = new Map<string, Map<string, DescMethodUnary>>();
  for (const { typeName, methods: all } of services) {
    const byName = table.get(typeName) ?? new Map<string, DescMethodUnary>();
    table.set(typeName, byName);
    for (const method of all) {
      if (method.methodKind === "unary") {
        byName.set(method.name, method as typeof method & DescMethodUnary);
      }
    }
  }
  return table;
}
