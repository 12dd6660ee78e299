import { createIdpClient, type IdpClient } from "../../index.js";
import type { ConnectionConfig } from "./connection-config.js";
import { createAuth } from "./create-auth.js";
import { createSocketOptions } from "./create-socket-options.js";
import { toSettingError } from "./to-setting-error.js";

/** Creates a client, runs `work` with it, and closes it. */
export async function withClient<T>(
  connection: ConnectionConfig,
  work: (client: IdpClient) => Promise<T>,
): Promise<T> {
  const client = await createClient(connection).catch((error: unknown) => {
    throw toSettingError(error, connection);
  });
  try {
    return await work(client);
  } finally {
    // Close by force: after a deadline or Ctrl+C, a call may still be ending, and nobody waits for it.
    await client.close({ force: true });
  }
}

async function createClient(connection: ConnectionConfig): Promise<IdpClient> {
  const { url, instanceHost, org, protocol, network, timeoutMs, allowInsecureAuth } = connection;
  return createIdpClient({
    baseUrl: url.value,
    instanceHost: instanceHost?.value,
    auth: await createAuth(connection),
    orgId: org?.value,
    protocol: protocol?.value,
    ...createSocketOptions(network),
    timeoutMs,
    allowInsecureAuth,
  });
}
