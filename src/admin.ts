/**
 * ZITADEL's AdminService, as far as it is about identity providers of the whole instance: the generated service, its
 * messages, and a client for it alone.
 *
 * @module
 */
import type { Client, Transport } from "@connectrpc/connect";
import { AdminService } from "../gen/zitadel/admin_pb.js";
import { createUnaryClient } from "./unary-client.js";

export * from "../gen/zitadel/admin_pb.js";

/** A client with one method per RPC of the AdminService. */
export type AdminClient = Client<typeof AdminService>;

/** Makes a client for the AdminService over any Connect transport. */
export function createAdminClient(transport: Transport): AdminClient {
  return createUnaryClient(AdminService, transport);
}
