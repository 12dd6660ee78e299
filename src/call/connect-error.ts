import { Code, ConnectError } from "@connectrpc/connect";

const codes: Readonly<Record<string, Code>> = {
  canceled: Code.Canceled,
  unknown: Code.Unknown,
  invalid_argument: Code.InvalidArgument,
  deadline_exceeded: Code.DeadlineExceeded,
  resource_exhausted: Code.ResourceExhausted,
  failed_precondition: Code.FailedPrecondition,
  unimplemented: Code.Unimplemented,
  internal: Code.Internal,
  unavailable: Code.Unavailable,
};

export function connectError(
  code: string,
  message: string,
  cause?: unknown,
  metadata?: Headers,
): ConnectError {
  return new ConnectError(message, codes[code] ?? Code.Unknown, metadata, undefined, cause);
}

export function isConnectError(error: unknown): error is ConnectError {
  return error instanceof ConnectError;
}
