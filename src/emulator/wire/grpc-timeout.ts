import { parseTimeoutHeader } from "../../call/timeout-header.js";

/** The timeout in milliseconds below which grpc-go usually rejects a call before it looks at the request. */
const shortestTimeoutMs = 0.1;

/** Returns the milliseconds of a `grpc-timeout` header. A missing or invalid header sets no deadline: Infinity. */
export function parseGrpcTimeout(header: string | undefined): number {
  return parseTimeoutHeader(header ?? "") ?? Number.POSITIVE_INFINITY;
}

/** Returns true if the value of a `grpc-timeout` header is valid. */
export function isGrpcTimeout(value: string): boolean {
  return parseTimeoutHeader(value) !== undefined;
}

/** Returns true if a call ends before grpc-go looks at its request. */
export function isExpiredAtOnce(timeoutMs: number): boolean {
  return timeoutMs < shortestTimeoutMs;
}
