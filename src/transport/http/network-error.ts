import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "../evidence.js";
import { provesUnsent } from "../unsent.js";

/**
 * Returns the error of a request that the network failed. `headers` are the names of its headers; `sent` is false if it never
 * left. A `fetch` cannot tell, so there the codes of the causes decide.
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

/** The error code of the operating system, of undici or of Node's fetch, e.g. ECONNREFUSED. Browsers tell nothing. */
function causeCode(error: unknown): string {
  for (const each of [error instanceof Error ? error.cause : undefined, error]) {
    if (each instanceof Error && "code" in each && typeof each.code === "string") {
      return each.code;
    }
  }
  return "";
}
