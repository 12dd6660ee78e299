import { protoInt64, type DescMessage } from "@bufbuild/protobuf";
import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";
import {
  maxDurationSeconds,
  maxTimestampSeconds,
  minTimestampSeconds,
} from "../../utils/protobuf-times.js";

const timestamp = "google.protobuf.Timestamp";
const duration = "google.protobuf.Duration";

/** The range of a Timestamp, in milliseconds since 1970. */
const firstMs = minTimestampSeconds * 1000;
const lastMs = maxTimestampSeconds * 1000;

const maxNanos = 999_999_999;

/** The fields that Timestamp and Duration share. */
type SecondsAndNanos = Pick<Timestamp | Duration, "seconds" | "nanos">;

/** Returns true for a timestamp or a duration. */
export function isTimeMessage({ typeName }: DescMessage): boolean {
  return typeName === timestamp || typeName === duration;
}

/** Encodes a timestamp or a duration. Returns `undefined` if it is out of range. */
export function formatTime({ typeName }: DescMessage, time: SecondsAndNanos): string | undefined {
  return typeName === timestamp ? formatTimestamp(time) : formatDuration(time);
}

/** Decodes seconds and nanoseconds from the JSON form. Returns `undefined` if the text is invalid. */
export function parseTime({ typeName }: DescMessage, text: string): SecondsAndNanos | undefined {
  return typeName === timestamp ? parseTimestamp(text) : parseDuration(text);
}

function formatTimestamp({ seconds, nanos }: SecondsAndNanos): string | undefined {
  const ms = Number(seconds) * 1000;
  if (ms < firstMs || ms > lastMs || nanos < 0 || nanos > maxNanos) {
    return undefined;
  }
  const text = new Date(ms).toISOString();
  return text.endsWith(".000Z") ? `${text.slice(0, -5)}${formatFraction(nanos)}Z` : text;
}

function formatDuration({ seconds, nanos }: SecondsAndNanos): string | undefined {
  const number = Number(seconds);
  const digits = Math.abs(nanos);
  return Math.abs(number) > maxDurationSeconds || digits > maxNanos || number * nanos < 0
    ? undefined
    : `${nanos < 0 && number === 0 ? "-" : ""}${String(seconds)}${formatFraction(digits)}s`;
}

/** Formats nanoseconds with as many digits as needed, in groups of three. */
function formatFraction(nanos: number): string {
  if (!nanos) {
    return "";
  }
  const count = [3, 6].find((digits) => nanos % 10 ** (9 - digits) === 0) ?? 9;
  return `.${String(nanos).padStart(9, "0").slice(0, count)}`;
}

function parseTimestamp(text: string): SecondsAndNanos | undefined {
  const [, date = "", clock = "", digits = "", offset = "Z"] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-]\d\d:\d\d))$/.exec(text) ?? [];
  const ms = Date.parse(`${date}T${clock}${offset}`);
  return ms >= firstMs && ms <= lastMs
    ? { seconds: protoInt64.parse(ms / 1000), nanos: Number(digits.padEnd(9, "0")) }
    : undefined;
}

/** Decodes a duration. Ignores text after the "s", as protobuf-es does. */
function parseDuration(text: string): SecondsAndNanos | undefined {
  const [, secondsText = "", fractionDigits = ""] = /^(-?\d+)(?:\.(\d{1,9}))?s/.exec(text) ?? [];
  const seconds = Number(secondsText);
  const nanos = Number(fractionDigits.padEnd(9, "0"));
  return secondsText === "" || Math.abs(seconds) > maxDurationSeconds
    ? undefined
    : {
        seconds: protoInt64.parse(seconds),
        // 0 and -0 differ for callers that compare messages.
        nanos: fractionDigits !== "" && secondsText.startsWith("-") ? -nanos : nanos,
      };
}
