/**
 * The part of ZITADEL's ManagementService that manages identity providers of one organization: the generated service, its
 * messages, and a client for this service alone.
 *
 * @module
 */
import type { Transport } from "@connectrpc/connect";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { createServiceClient, type ServiceClient } from "./service-client.js";

export * from "../../gen/zitadel/management_pb.js";

/** A client with one method per RPC of the ManagementService. */
export type ManagementClient = ServiceClient<typeof ManagementService>;

/**
 * Creates a client for the ManagementService over any Connect transport.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl: "https://acme.zitadel.cloud", interceptors: [auth(token)] });
 * const { idp } = await createManagementClient(transport).getProviderByID({ id: "232478643723108353" });
 */
export function createManagementClient(transport: Transport): ManagementClient {
  return createServiceClient(ManagementService, transport);
}
