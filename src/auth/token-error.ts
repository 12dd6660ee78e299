import type { Message } from "../utils/message.js";
import { Code, ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";
import { deepestErrorCode } from "../utils/error-codes.js";
import { isError } from "../utils/is-error.js";

/**
 * Creates the error of a call that got no token. The call itself was not sent: the error records this for retries, and as
 * `outcome` for direct users of a token source.
 */
export function tokenError(
  text: Message,
  code: Code,
  { cause, retryAfter, url }: { cause?: unknown; retryAfter?: string | null; url?: string } = {},
): ConnectError & { readonly outcome: "not_done" } {
  const metadata = retryAfter ? { "retry-after": retryAfter } : undefined;
  const { isConnectTimeout } = AttemptError.factsOf(cause);
  const facts = {
    notDone: "unsent",
    isConnectTimeout,
    ...(deepestErrorCode(cause) !== undefined && { isTokenRequest: true }),
    ...(url !== undefined && { tokenRequestUrl: url }),
  } as const;
  return withOutcome(
    new AttemptError(text, code, facts, { metadata, cause: copyErrorTexts(cause) }),
  );
}

/** Adds the outcome, for direct users of a token source. */
function withOutcome(error: AttemptError): AttemptError & { readonly outcome: "not_done" } {
  return Object.assign(error, { outcome: "not_done" as const });
}

/**
 * Converts an error of a supplier into the error of a call. A ConnectError keeps its code; any other error becomes `unavailable`,
 * the code that gRPC uses for credentials that are temporarily not available.
 */
export function supplierError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) {
    return withOutcome(AttemptError.with(reason, { notDone: "unsent" }));
  }
  const detail = isError(reason) ? `: ${reason.message}${formatErrorCode(reason)}` : "";
  return tokenError(`the token supplier failed${detail}`, Code.Unavailable, { cause: reason });
}

/** Returns the error code of the operating system or of Node's fetch in brackets, e.g. " (ECONNREFUSED)", or "" if there is none. */
export function formatErrorCode(reason: unknown): string {
  const code = deepestErrorCode(reason);
  return code === undefined ? "" : ` (${code})`;
}

/** Copies the texts of an error. HTTP libraries attach requests to their errors, with the secrets in them. */
function copyErrorTexts(reason: unknown): Error | undefined {
  if (!isError(reason)) {
    return undefined;
  }
  const copy = new Error(`${reason.message}${formatErrorCode(reason)}`);
  copy.name = reason.name;
  if (reason.stack !== undefined) {
    copy.stack = reason.stack;
  }
  const code = deepestErrorCode(reason);
  // Hints depend on the code.
  return code === undefined ? copy : Object.assign(copy, { code });
}
