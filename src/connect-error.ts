import type { Code, ConnectError } from "@connectrpc/connect";

/** The text of a call that comes after `close`. */
export const clientClosed = "the client is closed: make a new one";

type CodeName =
  | "canceled"
  | "unknown"
  | "invalid_argument"
  | "deadline_exceeded"
  | "resource_exhausted"
  | "failed_precondition"
  | "unimplemented"
  | "internal"
  | "unavailable";

/** The codes of errors that are made before Connect's own class is needed. */
const codes: Readonly<Record<CodeName, Code>> = {
  canceled: 1,
  unknown: 2,
  invalid_argument: 3,
  deadline_exceeded: 4,
  resource_exhausted: 8,
  failed_precondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
};

/**
 * An error that Connect takes for one of its own: it knows them by their shape. In a browser the class itself is loaded with
 * the first failure, and the transports make one of it then (`endedCall`).
 */
export function connectError(
  code: CodeName,
  message: string,
  cause?: unknown,
  metadata: Headers = new Headers(),
): ConnectError {
  return Object.assign(new Error(`[${code}] ${message}`), {
    name: "ConnectError",
    rawMessage: message,
    code: codes[code],
    metadata,
    details: [],
    cause,
  }) as unknown as ConnectError;
}

/** Whether `error` is a ConnectError, by its name alone. */
export function isConnectError(error: unknown): error is ConnectError {
  return error instanceof Error && error.name === "ConnectError";
}
