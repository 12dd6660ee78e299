/** The fields of a `google.protobuf.Duration`. */
interface DurationFields {
  readonly seconds: bigint;
  readonly nanos: number;
}

const maxNanos = 2n ** 63n - 1n;
const minNanos = -(2n ** 63n);
const nanosPerSecond = 1_000_000_000n;

/** Returns a duration as the server stores it: in nanoseconds, limited to 64 bits with a sign. */
export function limitDuration({ seconds, nanos }: DurationFields): DurationFields {
  const given = seconds * nanosPerSecond + BigInt(nanos);
  const stored = given > maxNanos ? maxNanos : given < minNanos ? minNanos : given;
  return { seconds: stored / nanosPerSecond, nanos: Number(stored % nanosPerSecond) };
}
