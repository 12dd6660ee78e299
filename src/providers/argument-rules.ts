import { isObject } from "../utils/is-object.js";
import { findNearestName } from "./find-nearest-name.js";
import { isProviderId } from "./is-provider-id.js";
import { type ProviderProblem, throwIfAny } from "./provider-error.js";

/**
 * A check of a value that is not undefined. Returns the problem of the value, or undefined if it is valid.
 */
export type ArgumentRule = (value: unknown) => string | undefined;

/** The rules of an object, by its members. */
export type ArgumentRules = Readonly<Record<string, ArgumentRule>>;

/** Throws a `ProviderError` with the problems of the arguments of a function, if there are any. */
export function throwIfInvalidArguments(call: string, problems: readonly ProviderProblem[]): void {
  throwIfAny("invalid", `the arguments of ${call}`, problems);
}

/** Returns the problem of a required argument. */
export function findArgumentProblems(
  name: string,
  value: unknown,
  rule: ArgumentRule,
): ProviderProblem[] {
  const message = value === undefined ? missing : rule(value);
  return message === undefined ? [] : [{ path: [name], message }];
}

const missing = "is missing (undefined); check the environment variable that it comes from";

/**
 * Returns the problems of an object of options: unknown names and values of the wrong type. An option with the value undefined
 * counts as left out. `isStrict` rejects it instead, for filters, in which a missing member would select everything.
 */
export function findOptionProblems(
  name: string,
  value: unknown,
  rules: ArgumentRules,
  { isStrict = false }: { isStrict?: boolean } = {},
): ProviderProblem[] {
  if (value === undefined) {
    return [];
  }
  if (!isObject(value)) {
    return [{ path: [name], message: `must be an object${describeNull(value)}` }];
  }
  return Object.entries(value).flatMap(([member, each]) => {
    const path = [name, member];
    const rule = Object.hasOwn(rules, member) ? rules[member] : undefined;
    if (rule === undefined) {
      return [
        { path, message: `is not a known option; ${suggestOption(member, Object.keys(rules))}` },
      ];
    }
    const absent = isStrict ? missing : undefined;
    const message = each === undefined ? absent : rule(each);
    return message === undefined ? [] : [{ path, message }];
  });
}

/** Returns a hint with the closest known name, or with all known names if none is close. */
export function suggestOption(name: string, known: readonly string[]): string {
  const near = findNearestName(name, known);
  return near === undefined ? `the options are ${known.join(", ")}` : `did you mean ${near}?`;
}

/** Checks a text that must not be empty. */
export const textRule: ArgumentRule = (value) => {
  if (typeof value !== "string") {
    return `must be text${describeNull(value)}`;
  }
  return value.trim() === ""
    ? "must not be empty; check the environment variable that it comes from"
    : undefined;
};

/** Checks the id of a provider. */
export const idRule: ArgumentRule = (value) => {
  if (isProviderId(value)) {
    return undefined;
  }
  return value === ""
    ? "must not be empty: an id has 1 to 200 letters, digits, - or _; check the environment variable that it comes from"
    : `must be 1 to 200 letters, digits, - or _${describeNull(value)}`;
};

/** Checks an object, which may be a list. */
export const objectRule: ArgumentRule = (value) =>
  isObject(value) ? undefined : "must be an object";

/** Checks a boolean. */
export const booleanRule: ArgumentRule = (value) =>
  typeof value === "boolean" ? undefined : "must be true or false";

/** Checks a number of milliseconds. */
const millisecondsRule: ArgumentRule = (value) =>
  typeof value === "number" && value >= 0
    ? undefined
    : "must be a number of milliseconds, 0 or more";

/** Checks an AbortSignal by its members, because polyfills have classes of their own. */
const abortSignalRule: ArgumentRule = (value) =>
  isObject(value) && "aborted" in value && "addEventListener" in value
    ? undefined
    : "must be an AbortSignal";

/** Checks the sequence of a provider (the number of an event). */
export const sequenceRule: ArgumentRule = (value) =>
  typeof value === "string" && /^\d{1,20}$/.test(value)
    ? undefined
    : "must be a text of digits, such as the sequence of a provider";

/** Checks a whole number of at least 1. */
export const countRule: ArgumentRule = (value) =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 1
    ? undefined
    : "must be a whole number, 1 or more";

/** Checks a function. */
export const callbackRule: ArgumentRule = (value) =>
  typeof value === "function" ? undefined : "must be a function";

/** Checks a value to iterate over. Rejects text, although its characters can be iterated over. */
export const iterableRule: ArgumentRule = (value) =>
  isObject(value) && (Symbol.iterator in value || Symbol.asyncIterator in value)
    ? undefined
    : "must be a list or another iterable";

/** Creates a rule that checks for one of several texts. */
export function createOneOfRule(...known: readonly string[]): ArgumentRule {
  return (value) => {
    const near = typeof value === "string" ? findNearestName(value, known) : undefined;
    return known.includes(value as string)
      ? undefined
      : `must be ${known.map((each) => JSON.stringify(each)).join(" or ")}${near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`}`;
  };
}

/** The rules of the options that all operations take. */
export const operationOptionRules: ArgumentRules = {
  signal: abortSignalRule,
  timeoutMs: millisecondsRule,
};

function describeNull(value: unknown): string {
  return value === null ? "; it is null" : "";
}

/** Throws a `ProviderError` if a value is not an id. */
export function checkProviderId(id: unknown): void {
  throwIfAny("invalid", "the id of a provider", findArgumentProblems("id", id, idRule));
}
