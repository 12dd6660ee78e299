import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ManagementService } from "#gen/zitadel/management_pb.js";
import { connectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  const transport = createGrpcTransport({ baseUrl: url });
  return { calls: connectCalls(createClient(ManagementService, transport)) };
}
