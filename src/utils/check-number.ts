import { throwInvalidOption } from "./option-error.js";

/** The numbers that an option accepts. */
export interface NumberRule {
  /** The smallest number. Default: anything above 0. */
  readonly least?: number | undefined;
  /** The largest number. Default: the longest delay that `setTimeout` supports. */
  readonly most?: number | undefined;
  /** The name of the counted things, for an option that takes whole numbers. Default: milliseconds, with fractions. */
  readonly counts?: string | undefined;
}

/** The longest delay that `setTimeout` supports, in milliseconds. A longer one fires at once. */
export const longestTimerMs: number = 2 ** 31 - 1;

/** Returns true for a number from `least` to `most`. NaN and a number written as text return false. */
export function isNumber(value: unknown, least: number, most: number): boolean {
  return typeof value === "number" && value >= least && value <= most;
}

/**
 * Throws a TypeError that names `option` if `value` breaks the rule. `undefined` breaks no rule. NaN breaks every rule: each
 * comparison with NaN is false, so a limit of NaN would never apply.
 */
export function checkNumber(
  option: string,
  value: unknown,
  { least, most = longestTimerMs, counts }: NumberRule,
): void {
  if (value === undefined) {
    return;
  }
  const isAllowed =
    isNumber(value, least ?? Number.MIN_VALUE, most) &&
    (counts === undefined || Number.isInteger(value));
  if (!isAllowed) {
    const kind = counts === undefined ? "a number of milliseconds" : `a whole number of ${counts}`;
    const minimum = least === undefined ? "above 0" : `from ${least}`;
    throwInvalidOption(option, `must be ${kind} ${minimum} and at most ${most}`);
  }
}

/** Throws a TypeError that names the first of `values` that breaks its rule. */
export function checkNumbers<Name extends string>(
  values: Readonly<Partial<Record<Name, unknown>>>,
  rules: Readonly<Record<Name, NumberRule>>,
  path = "",
): void {
  for (const name in rules) {
    checkNumber(path + name, values[name], rules[name]);
  }
}
