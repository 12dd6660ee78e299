import { timeoutHeader } from "../call/timeout-header.js";

const unitsMs: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/**
 * Returns the value of a `grpc-timeout` header, reduced by `elapsedMs` to at least one millisecond. The header never reaches
 * zero, because the call's own signal ends the call. Any other value is returned unchanged.
 */
export function shortenTimeout(value: string, elapsedMs: number): string {
  const [, digits, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(value) ?? [];
  if (digits === undefined || elapsedMs <= 0) {
    return value;
  }
  return timeoutHeader(Math.max(1, Number(digits) * (unitsMs[unit] ?? 1) - elapsedMs));
}
