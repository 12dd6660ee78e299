/** The fields of a `google.protobuf.Duration`. */
interface DurationFields {
  readonly seconds: bigint;
  readonly nanos: number;
}

const maxNanos = 2n ** 63n - 1n;
const minNanos = -(2n ** 63n);
const nanosPerSecond = 1_000_000_000n;

/**
 * Returns a duration as the server stores it: in nanoseconds, limited to 64 bits with a sign. As in Go, nanoseconds of the other sign
 * do not bring seconds beyond the limit back.
 */
export function limitDuration({ seconds, nanos }: DurationFields): DurationFields {
  const ofSeconds = seconds * nanosPerSecond;
  const limited = limit(ofSeconds);
  const stored = limited === ofSeconds ? limit(ofSeconds + BigInt(nanos)) : limited;
  return { seconds: stored / nanosPerSecond, nanos: Number(stored % nanosPerSecond) };
}

function limit(given: bigint): bigint {
  return given > maxNanos ? maxNanos : given < minNanos ? minNanos : given;
}
