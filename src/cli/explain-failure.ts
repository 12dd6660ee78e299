import type { Token } from "../auth/token-supplier.js";
import { type IdpClient, isZitadelError, type ZitadelError } from "../index.js";
import { isError } from "../utils/is-error.js";
import { addExplanation } from "./errors/explanations.js";
import { listErrorCauses } from "./errors/list-error-causes.js";
import type { ConnectionConfig } from "./connection/connection-config.js";

/** The timeout of the reads that explain a failure, in milliseconds. */
const explanationTimeoutMs = 5000;

/** The connection of a failed command, and the last token that it used. */
interface FailedConnection {
  readonly client: IdpClient;
  readonly connection: ConnectionConfig;
  readonly token: Token | undefined;
}

/**
 * Explains a failure if ZITADEL rejected the token or the user of a call: finds out who the user is and which role is missing, and adds
 * this to the error. Leaves any other failure as it is. Takes 5 seconds at most.
 */
export async function explainFailure(failure: unknown, failed: FailedConnection): Promise<void> {
  const errors = isError(failure) ? [failure, ...listErrorCauses(failure)] : [];
  const rejection = errors.find((each) => isZitadelError(each));
  if (rejection?.id === undefined || !explicableIds.includes(rejection.id)) {
    return;
  }
  try {
    addExplanation(rejection, await explain(rejection, failed));
  } catch {
    // Ignore a failed explanation: the user must see the original failure.
  }
}

/**
 * The ids of the errors for a rejected token, for a user without the permission or without any role, and for an organization that does
 * not exist.
 */
const explicableIds: readonly string[] = ["AUTH-7fs1e", "AUTH-5mWD2", "AUTHZ-cdgFk", "AUTH-Bs7Ds"];

async function explain(
  rejection: ZitadelError,
  { client, connection, token }: FailedConnection,
): Promise<string[]> {
  const { credentials, timeoutMs } = connection;
  if (rejection.id === "AUTH-7fs1e") {
    // Load explanations on demand: only a rejected command needs them.
    const { formatRejectedToken } = await import("./report/format-rejected-token.js");
    return token === undefined ? [] : formatRejectedToken(token, credentials);
  }
  // Load these files on demand: they include the descriptors of the RPCs for operators.
  const [{ explainRejection }, { formatExplanation }] = await Promise.all([
    import("../whoami/explain-rejection.js"),
    import("./report/format-explanation.js"),
  ]);
  const explanation = await explainRejection(
    client,
    rejection,
    Math.min(timeoutMs, explanationTimeoutMs),
  );
  return explanation === undefined ? [] : formatExplanation(explanation, credentials.secret.name);
}
