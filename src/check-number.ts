/** The numbers that an option takes. */
export interface NumberRule {
  /** The smallest number. Default: anything above 0. */
  readonly least?: number;
  /** The largest number. Default: the longest time that `setTimeout` keeps. */
  readonly most?: number;
  /** The name of what is counted, in whole numbers. Default: milliseconds, of which there may be fractions. */
  readonly counts?: string;
}

/** The longest time that `setTimeout` keeps, in milliseconds: it fires at once for anything longer. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** Returns true for a number from `least` to `most`. NaN is none, nor is a number written as text. */
export function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/**
 * Throws a TypeError that names `option` if `value` is not a number by the rule. A NaN that went through would switch off the limit
 * that it is meant to set, because it compares as neither less nor more.
 */
export function checkNumber(
  option: string,
  value: unknown,
  { least, most = longestTimerMs, counts }: NumberRule,
): void {
  if (value === undefined) {
    return;
  }
  const fits =
    isNumber(value, least ?? Number.MIN_VALUE, most) &&
    (counts === undefined || Number.isInteger(value));
  if (!fits) {
    const what = counts === undefined ? "a number of milliseconds" : `a whole number of ${counts}`;
    const from = least === undefined ? "above 0" : `from ${least}`;
    throw new TypeError(`option ${option}: must be ${what} ${from} and at most ${most}`);
  }
}

/** Throws a TypeError that names the option if one of `values` does not follow its rule. */
export function checkNumbers<Name extends string>(
  values: Readonly<Partial<Record<Name, unknown>>>,
  rules: Readonly<Record<Name, NumberRule>>,
  path = "",
): void {
  for (const name in rules) {
    checkNumber(path + name, values[name], rules[name]);
  }
}
