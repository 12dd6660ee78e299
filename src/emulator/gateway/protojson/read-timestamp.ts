import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { maxTimestampSeconds, minTimestampSeconds } from "../../../utils/protobuf-times.js";
import type { JsonReader } from "./json-reader.js";

/** The form that Go's time.Parse takes for RFC 3339: also with an hour of one digit, and with a comma. */
const timestampForm =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:([.,])(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Reads a google.protobuf.Timestamp. */
export function readTimestamp(reader: JsonReader): Pick<Timestamp, "seconds" | "nanos"> {
  const { position, raw, content } = reader.expect("string");
  const time = parseGoTime(content);
  if (time === undefined) {
    return reader.throwAt(position, `invalid google.protobuf.Timestamp value ${raw}`);
  }
  if (time.seconds < minTimestampSeconds || time.seconds > maxTimestampSeconds) {
    return reader.throwAt(position, `google.protobuf.Timestamp value out of range: ${raw}`);
  }
  // protobuf-go checks the number of digits after the range, and only behind a period.
  if (time.separator === "." && time.digits.length > 9) {
    return reader.throwAt(position, `invalid google.protobuf.Timestamp value ${raw}`);
  }
  return {
    seconds: BigInt(time.seconds),
    nanos: Number(time.digits.slice(0, 9).padEnd(9, "0")),
  };
}

interface GoTime {
  readonly seconds: number;
  /** The character before the digits of the fraction, or "". */
  readonly separator: string;
  readonly digits: string;
}

/** Parses a time as Go's time.Parse does with the layout RFC3339Nano. Returns `undefined` if it fails. */
function parseGoTime(text: string): GoTime | undefined {
  const match = timestampForm.exec(text);
  if (match === null) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const [separator = "", digits = "", sign = "+", zoneHour = "0", zoneMinute = "0"] =
    match.slice(7);
  const midnight = new Date(0);
  midnight.setUTCFullYear(year, month - 1, day);
  const isValid =
    midnight.getUTCMonth() === month - 1 &&
    midnight.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    // Go takes an offset of 24 hours or 60 minutes too.
    Number(zoneHour) <= 24 &&
    Number(zoneMinute) <= 60;
  if (!isValid) {
    return undefined;
  }
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === "-" ? -60 : 60);
  const seconds = midnight.getTime() / 1000 + (hour * 60 + minute) * 60 + second - offset;
  return { seconds, separator, digits };
}
