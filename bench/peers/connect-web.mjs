import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ManagementService } from "#gen/zitadel/management_pb.js";
import { createConnectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  const transport = createGrpcWebTransport({ baseUrl: url });
  return { calls: createConnectCalls(createClient(ManagementService, transport)) };
}
