import type { Timestamp } from "@bufbuild/protobuf/wkt";

/** A source of times and ids that never repeat and only grow. */
export interface Clock {
  /** Returns the current time in the resolution of the database, microseconds. */
  now(): Timestamp;
  /** Returns an id in the server's format: 18 digits that begin with the time. */
  newId(): string;
}

/** The epoch of ZITADEL's ids, which count in steps of 10 ms. */
const idEpochMs = Date.UTC(2019, 3, 29);

/** Creates a clock that follows the clock of the system. */
export function createClock(): Clock {
  let lastMicros = 0n;
  let lastId = 0n;
  return {
    now() {
      lastMicros = advance(BigInt(Date.now()) * 1000n, lastMicros);
      return toTimestamp(lastMicros);
    },
    newId() {
      lastId = advance(BigInt(Math.floor((Date.now() - idEpochMs) / 10)) << 24n, lastId);
      return String(lastId);
    },
  };
}

/** Returns `value`, or the next number after `last` if `value` is not larger. */
function advance(value: bigint, last: bigint): bigint {
  return value > last ? value : last + 1n;
}

function toTimestamp(micros: bigint): Timestamp {
  return {
    $typeName: "google.protobuf.Timestamp",
    seconds: micros / 1_000_000n,
    nanos: Number(micros % 1_000_000n) * 1000,
  };
}
