/**
 * ZITADEL's ManagementService, as far as it is about identity providers of one organization: the generated service, its
 * messages, and a client for it alone.
 *
 * @module
 */
import type { Client, Transport } from "@connectrpc/connect";
import { ManagementService } from "../gen/zitadel/management_pb.js";
import { createUnaryClient } from "./unary-client.js";

export * from "../gen/zitadel/management_pb.js";

/** A client with one method per RPC of the ManagementService. */
export type ManagementClient = Client<typeof ManagementService>;

/** Makes a client for the ManagementService over any Connect transport. */
export function createManagementClient(transport: Transport): ManagementClient {
  return createUnaryClient(ManagementService, transport);
}
