const unitMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 0.001,
  n: 0.000001,
};

/** Returns the milliseconds of a `grpc-timeout` header. A missing or invalid header sets no deadline: Infinity. */
export function parseGrpcTimeout(header: string | undefined): number {
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header ?? "") ?? [];
  return amount === undefined ? Number.POSITIVE_INFINITY : Number(amount) * (unitMs[unit] ?? 1);
}

/** Returns true if the value of a `grpc-timeout` header is valid. */
export function isGrpcTimeout(value: string): boolean {
  return parseGrpcTimeout(value) < Number.POSITIVE_INFINITY;
}

/** Returns true if a timeout expires at once. No longer timeout expires in the emulator, because its handlers are fast. */
export function isExpiredTimeout(timeout: string): boolean {
  return Number.parseInt(timeout, 10) === 0 || timeout.endsWith("n");
}
