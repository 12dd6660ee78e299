/**
 * The part of ZITADEL's AdminService that manages identity providers of the whole instance: the generated service, its messages,
 * and a client for this service alone.
 *
 * @module
 */
import type { Transport } from "@connectrpc/connect";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { createServiceClient, type ServiceClient } from "./service-client.js";

export * from "../../gen/zitadel/admin_pb.js";

/** A client with one method per RPC of the AdminService. */
export type AdminClient = ServiceClient<typeof AdminService>;

/**
 * Creates a client for the AdminService over any Connect transport.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const { idp } = await createAdminClient(transport).getProviderByID({ id: "232478643723108353" });
 */
export function createAdminClient(transport: Transport): AdminClient {
  return createServiceClient(AdminService, transport);
}
