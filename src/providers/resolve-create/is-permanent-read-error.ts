import { Code, ConnectError } from "@connectrpc/connect";

/** The codes of failed reads that a retry does not fix. */
const permanentCodes: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.PermissionDenied,
  Code.Unauthenticated,
  Code.Unimplemented,
  Code.FailedPrecondition,
]);

/** Returns true for the error of a read that a retry does not fix. */
export function isPermanentReadError(error: unknown): boolean {
  return !(error instanceof ConnectError) || permanentCodes.has(error.code);
}
