import { createServerTransport } from "@zitadel/client/node";
import { createManagementServiceClient } from "@zitadel/client/v1";
import { connectCalls } from "./connect-calls.mjs";

export async function open({ url }) {
  const transport = createServerTransport("token", { baseUrl: url });
  return { calls: connectCalls(createManagementServiceClient(transport)) };
}
