import { InvalidArgumentError } from "commander";

const unitMs: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const maxDays = 3650;

/** Parses a duration such as `36h`, `30d` or `4w` into milliseconds. Throws an InvalidArgumentError for any other text. */
export function parseDuration(text: string): number {
  const [, digits = "", unit = ""] = /^(\d{1,5})([hdw])$/.exec(text.trim()) ?? [];
  const ms = Number(digits) * (unitMs[unit] ?? Number.NaN);
  if (!(digits !== "" && ms <= maxDays * 86_400_000)) {
    throw new InvalidArgumentError(
      `must be a number with a unit: h, d or w, such as 30d, and at most ${maxDays}d`,
    );
  }
  return ms;
}
