/**
 * The RPCs that operators need beside those on identity providers: the caller and its permissions, organizations, the instance,
 * events, and the factors of login policies. Import this file on demand: its descriptors stay out of the first load of clients.
 */
import type { Transport } from "@connectrpc/connect";
import { AdminOperatorsService } from "../../gen/zitadel/admin_operators_pb.js";
import { AuthService } from "../../gen/zitadel/auth_pb.js";
import { ManagementOperatorsService } from "../../gen/zitadel/management_operators_pb.js";
import { createServiceClient, type ServiceClient } from "./service-client.js";

/** One client for each service with RPCs for operators. */
export interface OperatorClient {
  /** The RPCs on the calling user. */
  readonly auth: ServiceClient<typeof AuthService>;
  /** The RPCs on one organization. */
  readonly management: ServiceClient<typeof ManagementOperatorsService>;
  /** The RPCs on the instance, its organizations and its events. */
  readonly admin: ServiceClient<typeof AdminOperatorsService>;
}

/**
 * Creates clients for the RPCs for operators over any Connect transport. Over JSON, the transport needs the support for other
 * services: clients for browsers do not have it.
 *
 * @example
 * const { createOperatorClient } = await import("../services/operator-client.js");
 * const { user } = await createOperatorClient(transport).auth.getMyUser({});
 */
export function createOperatorClient(transport: Transport): OperatorClient {
  return {
    auth: createServiceClient(AuthService, transport),
    management: createServiceClient(ManagementOperatorsService, transport),
    admin: createServiceClient(AdminOperatorsService, transport),
  };
}
