// createIdpClient with a token, an organization, retries and errors, as users have it.
import { createIdpClient } from "zitadel-idp";
import { createConnectCalls } from "./connect-calls.mjs";

export async function open({ url, protocol }) {
  const client = createIdpClient({
    baseUrl: url,
    auth: "token",
    orgId: "300000000000000002",
    protocol,
  });
  return { calls: createConnectCalls(client.management) };
}
