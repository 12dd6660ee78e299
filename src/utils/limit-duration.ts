/** The fields of a `google.protobuf.Duration`. */
export interface DurationFields {
  readonly seconds: bigint;
  readonly nanos: number;
}

const maxNanos = 2n ** 63n - 1n;
const minNanos = -(2n ** 63n);
const nanosPerSecond = 1_000_000_000n;

/**
 * Returns a duration as the server stores it: as signed 64-bit nanoseconds. A longer duration becomes the longest one. As in Go, seconds
 * beyond the limit stay at the limit, even if the nanoseconds have the other sign.
 */
export function limitDuration({ seconds, nanos }: DurationFields): DurationFields {
  const wholeSeconds = seconds * nanosPerSecond;
  const limited = clampNanos(wholeSeconds);
  const stored = limited === wholeSeconds ? clampNanos(wholeSeconds + BigInt(nanos)) : limited;
  return { seconds: stored / nanosPerSecond, nanos: Number(stored % nanosPerSecond) };
}

function clampNanos(nanos: bigint): bigint {
  if (nanos > maxNanos) {
    return maxNanos;
  }
  return nanos < minNanos ? minNanos : nanos;
}
