// createIdpClient with everything that users get: token, organization, retries, errors.
import { createIdpClient } from "zitadel-idp";
import { connectCalls } from "./connect-calls.mjs";

export async function open({ url, protocol }) {
  const client = createIdpClient({
    baseUrl: url,
    auth: "token",
    orgId: "300000000000000002",
    protocol,
  });
  return { calls: connectCalls(client.management) };
}
