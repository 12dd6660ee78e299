import type { Code, ConnectError } from "@connectrpc/connect";

/** The error text of a call on a closed client. */
export const clientClosed = "the client is closed: create a new one";

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

/** The codes that this file uses, as numbers, so that Connect's own module is not loaded for them. */
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
 * Creates an object that Connect accepts as one of its errors: Connect recognizes them by their shape. In a browser, the class
 * ConnectError is loaded with the first failure, and the transports then convert this object into one (`endedCall`).
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

/** Returns true if `error` is a ConnectError. Only the name is compared, so that the class is not loaded. */
export function isConnectError(error: unknown): error is ConnectError {
  return error instanceof Error && error.name === "ConnectError";
}
