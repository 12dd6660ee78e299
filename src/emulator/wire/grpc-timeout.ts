const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 0.001,
  n: 0.000001,
};

/** The timeout in milliseconds below which grpc-go usually rejects a call before it looks at the request. */
const shortestTimeoutMs = 0.1;

/** Returns the milliseconds of a `grpc-timeout` header. A missing or invalid header sets no deadline: Infinity. */
export function parseGrpcTimeout(header: string | undefined): number {
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header ?? "") ?? [];
  return amount === undefined ? Number.POSITIVE_INFINITY : Number(amount) * (unitMs[unit] ?? 1);
}

/** Returns true if the value of a `grpc-timeout` header is valid. */
export function isGrpcTimeout(value: string): boolean {
  return parseGrpcTimeout(value) < Number.POSITIVE_INFINITY;
}

/** Returns true if a call ends before grpc-go looks at its request. */
export function isExpiredAtOnce(timeoutMs: number): boolean {
  return timeoutMs < shortestTimeoutMs;
}
