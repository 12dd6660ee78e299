const unitsMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * The value of a `grpc-timeout` header after `elapsedMs`; at least a millisecond, because the call's own signal is what ends
 * it. What is no such value stays.
 */
export function shortenTimeout(value: string, elapsedMs: number): string {
  const [, digits, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  if (digits === undefined || elapsedMs <= 0) {
    return value;
  }
  const leftMs = Math.max(1, Math.ceil(Number(digits) * (unitsMs[unit] ?? 1) - elapsedMs));
  // Eight digits are all the header may have.
  return leftMs < 1e8 ? `${leftMs}m` : `${Math.ceil(leftMs / 1000)}S`;
}
