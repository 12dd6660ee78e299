import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "../../call/evidence.js";
import { provesUnsent } from "../unsent.js";

/**
 * Creates the error of a request that failed in the network. `headers` are the names of its headers; `sent` is false if the
 * request was never sent. A `fetch` always counts as sent, so the error codes of the causes decide there.
 */
export function networkError(
  error: unknown,
  headers: readonly string[],
  sent: boolean,
): ConnectError {
  const detail = causeCode(error);
  return withEvidence(
    new ConnectError(
      `the server cannot be reached, or the connection broke${detail && ` (${detail})`}`,
      Code.Unavailable,
      undefined,
      undefined,
      error,
    ),
    { broken: true, headers, ...((!sent || provesUnsent(error)) && { notDone: "unsent" }) },
  );
}

/** Returns the error code of the operating system, of Node.js or of its fetch, e.g. ECONNREFUSED. Browsers give none. */
function causeCode(error: unknown): string {
  for (const each of [error instanceof Error ? error.cause : undefined, error]) {
    if (each instanceof Error && "code" in each && typeof each.code === "string") {
      return each.code;
    }
  }
  return "";
}
