import { ConnectError } from "@connectrpc/connect";
import { AttemptError } from "../call/attempt-error.js";

/**
 * Creates the error of a gRPC or gRPC-web response that reports success, but whose message cannot be decoded. Its metadata has the
 * content type, as for any other failed response.
 */
export function createUnreadableMessageError(
  thrown: unknown,
  httpStatus: number,
  contentType: string | undefined,
): AttemptError {
  const error = ConnectError.from(thrown);
  if (contentType) {
    error.metadata.set("content-type", contentType);
  }
  return AttemptError.with(error, { httpStatus, isDamaged: true });
}
