import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ManagementService } from "#gen/zitadel/management_pb.js";
import { createConnectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  const transport = createGrpcTransport({ baseUrl: url });
  return { calls: createConnectCalls(createClient(ManagementService, transport)) };
}
