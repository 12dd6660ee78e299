import type { Token } from "../../auth/token-supplier.js";
import type { IdpClientOptions } from "../../index.js";
import type { ConnectionConfig } from "./connection-config.js";
import { createAuth } from "./create-auth.js";
import { createSocketOptions } from "./create-socket-options.js";

/** Creates the options of a client from a connection. Reads the files of the connection. Calls `onToken` with each token. */
export async function createClientOptions(
  connection: ConnectionConfig,
  onToken: (token: Token) => void,
): Promise<IdpClientOptions> {
  const { url, instanceHost, org, protocol, network, timeoutMs, allowInsecureAuth } = connection;
  return {
    baseUrl: url.value,
    instanceHost: instanceHost?.value,
    auth: await createAuth(connection, onToken),
    orgId: org?.value,
    protocol: protocol?.value,
    ...createSocketOptions(network),
    timeoutMs,
    allowInsecureAuth,
  };
}
