import type { Token } from "../auth/token-supplier.js";
import { createIdpClient, type IdpClient } from "../index.js";
import type { ConnectionConfig } from "./connection/connection-config.js";
import { createClientOptions } from "./connection/create-client-options.js";
import { explainFailure } from "./explain-failure.js";
import { toSettingError } from "./connection/to-setting-error.js";

/**
 * A function that explains an error if ZITADEL rejected the caller: it adds who the caller is and which role is missing. `withClient`
 * calls it for errors that `work` throws.
 */
type ExplainError = (error: unknown) => Promise<void>;

/** Creates a client, runs `work` with it, and closes it. */
export async function withClient<T>(
  connection: ConnectionConfig,
  work: (client: IdpClient, explain: ExplainError) => Promise<T>,
): Promise<T> {
  let token: Token | undefined;
  const client = await createClient(connection, (each) => (token = each)).catch(
    (error: unknown) => {
      throw toSettingError(error, connection);
    },
  );
  const explain: ExplainError = (error) => explainFailure(error, { client, connection, token });
  try {
    return await work(client, explain);
  } catch (error) {
    await explain(error);
    throw error;
  } finally {
    // Close by force: after a deadline or Ctrl+C, a call may still be ending, and nobody waits for it.
    await client.close({ force: true });
  }
}

async function createClient(
  connection: ConnectionConfig,
  onToken: (token: Token) => void,
): Promise<IdpClient> {
  return createIdpClient(await createClientOptions(connection, onToken));
}
