import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "../evidence.js";
import { provesUnsent } from "../unsent.js";

/** The error of a request that the network failed. `headers` are the names of those that were sent. */
export function networkError(error: unknown, headers: readonly string[]): ConnectError {
  const detail = causeCode(error);
  return withEvidence(
    new ConnectError(
      `the server cannot be reached, or the connection broke${detail && ` (${detail})`}`,
      Code.Unavailable,
      undefined,
      undefined,
      error,
    ),
    { broken: true, headers, ...(provesUnsent(error) && { notDone: "unsent" }) },
  );
}

/** The error code of the operating system, of undici or of Node's fetch, e.g. ECONNREFUSED. Browsers tell nothing. */
function causeCode(error: unknown): string {
  for (const each of [error instanceof Error ? error.cause : undefined, error]) {
    if (each instanceof Error && "code" in each && typeof each.code === "string") {
      return each.code;
    }
  }
  return "";
}
