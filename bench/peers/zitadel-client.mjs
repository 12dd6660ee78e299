import { createServerTransport } from "@zitadel/client/node";
import { createManagementServiceClient } from "@zitadel/client/v1";
import { createConnectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  const transport = createServerTransport("token", { baseUrl: url });
  return { calls: createConnectCalls(createManagementServiceClient(transport)) };
}
