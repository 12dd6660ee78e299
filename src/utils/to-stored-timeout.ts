import { type DurationFields, limitDuration } from "./limit-duration.js";

/** Returns a timeout as the server stores it, or undefined for zero: the server stores a missing duration and zero alike. */
export function toStoredTimeout(
  timeout: Partial<DurationFields> | undefined,
): DurationFields | undefined {
  const { seconds = 0n, nanos = 0 } = timeout ?? {};
  return seconds === 0n && nanos === 0 ? undefined : limitDuration({ seconds, nanos });
}
