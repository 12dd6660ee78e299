import type { Duration } from "@bufbuild/protobuf/wkt";

const maxNanos = 2n ** 63n - 1n;
const minNanos = -(2n ** 63n);
const nanosPerSecond = 1_000_000_000n;

/** Returns a duration as the server stores it: in nanoseconds, limited to 64 bits with a sign. */
export function limitDuration(duration: Duration): Duration {
  const given = duration.seconds * nanosPerSecond + BigInt(duration.nanos);
  const stored = given > maxNanos ? maxNanos : given < minNanos ? minNanos : given;
  return {
    ...duration,
    seconds: stored / nanosPerSecond,
    nanos: Number(stored % nanosPerSecond),
  };
}
