import { Code, type ConnectError } from "@connectrpc/connect";
import type { Classification } from "./classification.js";

/**
 * Codes with which ZITADEL rejects a request before it begins, or reports that there is nothing to do. The other codes may come
 * from the middle of a write.
 */
const rejections: ReadonlySet<Code> = new Set([
  Code.InvalidArgument,
  Code.NotFound,
  Code.AlreadyExists,
  Code.PermissionDenied,
  Code.ResourceExhausted,
  Code.FailedPrecondition,
  Code.OutOfRange,
  Code.Unimplemented,
  Code.Unauthenticated,
]);

/** The temporary ones of ZITADEL's other codes. The rest, such as `internal`, returns for the same request. */
const temporary: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Aborted,
  Code.DeadlineExceeded,
]);

/**
 * Errors that ZITADEL sends before the handler runs, although their codes do not show it: none of the recorded writes was carried
 * out.
 */
const beforeHandler = /^unable to set instance using origin|^grpc: error unmarshalling request/;

/** Texts that mean that the database is overloaded or unreachable. */
const databaseTrouble = /context (?:deadline exceeded|canceled)|^timeout:|db connection error/;

/** Classifies an error that ZITADEL itself sent. */
export function classifyServerError({ code, rawMessage }: ConnectError): Classification {
  const isBeforeHandler = beforeHandler.test(rawMessage);
  const isDatabaseTrouble = databaseTrouble.test(rawMessage);
  return {
    mayBeDone: !isBeforeHandler && !rejections.has(code),
    isTransient:
      temporary.has(code) ||
      ((code === Code.Internal || code === Code.Unknown) && isDatabaseTrouble),
  };
}
