import type { Duration } from "@bufbuild/protobuf/wkt";
import { maxDurationSeconds } from "../../../utils/protobuf-times.js";
import type { JsonReader } from "./json-reader.js";

const maxInt64 = 2n ** 63n - 1n;

const durationForm = /^([-+]?)(0|[1-9]\d*)?(?:\.(\d{0,9}))?s$/;

/** Reads a google.protobuf.Duration. protobuf-go also takes a plus sign, `.5s` and `1.s`. */
export function readDuration(reader: JsonReader): Pick<Duration, "seconds" | "nanos"> {
  const { position, raw, content } = reader.expect("string");
  const [, sign, whole, fraction] = durationForm.exec(content) ?? [];
  const seconds = parseSeconds(whole);
  if (sign === undefined || (whole ?? fraction) === undefined || seconds > maxInt64) {
    return reader.throwAt(position, `invalid google.protobuf.Duration value ${raw}`);
  }
  if (seconds > maxDurationSeconds) {
    return reader.throwAt(position, `google.protobuf.Duration value out of range: ${raw}`);
  }
  const nanos = Number((fraction ?? "").padEnd(9, "0"));
  return sign === "-" ? { seconds: -seconds, nanos: 0 - nanos } : { seconds, nanos };
}

/** Parses a number of seconds. Reads only 20 digits, because every number of 20 digits is out of range. */
function parseSeconds(digits = "0"): bigint {
  return BigInt(digits.slice(0, 20));
}
