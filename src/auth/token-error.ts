import { Code, ConnectError } from "@connectrpc/connect";
import { withEvidence } from "../transport/evidence.js";

/**
 * Returns the error of a call that got no token. Nothing of the call itself was sent: the error says so to retries, and by `outcome`
 * to those who use a token source by itself.
 */
export function tokenError(
  text: string,
  code: Code,
  { cause, retryAfter }: { cause?: unknown; retryAfter?: string | null } = {},
): ConnectError & { readonly outcome: "not_done" } {
  const metadata = retryAfter ? { "retry-after": retryAfter } : undefined;
  const error = new ConnectError(text, code, metadata, undefined, copyOf(cause));
  return Object.assign(withEvidence(error, { notDone: "unsent" }), {
    outcome: "not_done" as const,
  });
}

/**
 * The error of a supplier as that of a call. One with a code keeps it; any other is `unavailable`, as gRPC has it for
 * credentials that cannot be had now.
 */
export function supplierError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) {
    return withEvidence(reason, { notDone: "unsent" });
  }
  const why = reason instanceof Error ? `: ${reason.message}${codeOf(reason)}` : "";
  return tokenError(`the token supplier failed${why}`, Code.Unavailable, { cause: reason });
}

/** The code of the operating system or of Node's fetch in brackets, e.g. " (ECONNREFUSED)". Browsers tell nothing. */
export function codeOf(reason: unknown): string {
  const inner: unknown = reason instanceof Error ? (reason.cause ?? reason) : undefined;
  const code: unknown = inner instanceof Error && "code" in inner ? inner.code : undefined;
  return typeof code === "string" ? ` (${code})` : "";
}

/** HTTP libraries hang requests on their errors, with the secrets in them: only texts are kept. */
function copyOf(reason: unknown): Error | undefined {
  if (!(reason instanceof Error)) {
    return undefined;
  }
  const copy = new Error(`${reason.message}${codeOf(reason)}`);
  copy.name = reason.name;
  if (reason.stack !== undefined) {
    copy.stack = reason.stack;
  }
  return copy;
}
