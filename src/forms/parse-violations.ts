import { isError } from "../utils/is-error.js";
import { type ProblemPath, ProviderError } from "../providers/provider-error.js";

/** A rule of the server that a request breaks. */
export interface Violation {
  /** The field, by its name in the settings of a provider, with the index in a list. */
  readonly path: ProblemPath;
  /** The rule and the fix, in the words of this client. The server's own words if the rule is unknown. */
  readonly message: string;
  /** The rule in the server's words; for a `ProviderError` the same as `message`. */
  readonly rule: string;
}

/** The start of each level of the server's text: `invalid AddGenericOIDCProviderRequest.Scopes[0]: …`. */
const level = /^invalid \w+\.(\w+?)(?:\[(\d+)\])?: /;
const nested = "embedded message failed validation | caused by: ";

/**
 * Returns the rules that a request broke. `error` is the server's rejection, or the `ProviderError` of an operation. ZITADEL reports only
 * the first broken rule, an operation all of them. The list is empty for all other errors.
 *
 * @example
 * try {
 *   await zitadel.management.addGenericOIDCProvider({ name: "Acme" });
 * } catch (error) {
 *   for (const { path, message } of parseViolations(error)) showAtField(path.join("."), message);
 * }
 */
export function parseViolations(error: unknown): Violation[] {
  if (error instanceof ProviderError) {
    return error.problems.map(({ path, message }) => ({ path, message, rule: message }));
  }
  const text = isError(error)
    ? "rawMessage" in error && typeof error.rawMessage === "string"
      ? error.rawMessage
      : error.message
    : String(error);
  const path: (string | number)[] = [];
  let rest = text;
  for (;;) {
    const match = level.exec(rest);
    if (match === null) {
      return [];
    }
    const [start, field = "", index] = match;
    path.push(toFieldName(field), ...(index === undefined ? [] : [Number(index)]));
    rest = rest.slice(start.length);
    if (!rest.startsWith(nested)) {
      return [{ path, message: describeRule(rest), rule: rest }];
    }
    rest = rest.slice(nested.length);
  }
}

/** The fields whose names in requests differ from those in settings. */
const fieldNames: Readonly<Record<string, string>> = {
  providerOptions: "options",
  metadata: "metadataXml",
};

function toFieldName(goName: string): string {
  const name = goName.charAt(0).toLowerCase() + goName.slice(1);
  return fieldNames[name] ?? name;
}

/** The server's rules, and our texts for them. */
const rules: readonly (readonly [RegExp, (match: readonly string[]) => string])[] = [
  [
    /^value length must be between (\d+) and (\d+) (runes|bytes), inclusive$/,
    ([, min, max, unit = ""]) => `must have ${min} to ${max} ${unitNames[unit]}`,
  ],
  [
    /^value length must be at most (\d+) (runes|bytes)$/,
    ([, max, unit = ""]) => `must have at most ${max} ${unitNames[unit]}`,
  ],
  [
    /^value length must be at least (\d+) (runes|bytes)$/,
    ([, min, unit = ""]) => `must have at least ${min} ${unitNames[unit]}`,
  ],
  [
    /^value length must be (\d+) (runes|bytes)$/,
    ([, length, unit = ""]) => `must have exactly ${length} ${unitNames[unit]}`,
  ],
  [
    /^value must contain between (\d+) and (\d+) items, inclusive$/,
    ([, min, max]) => `must have ${min} to ${max} entries`,
  ],
  [
    /^value must contain no more than (\d+) item\(s\)$/,
    ([, max]) => `must have at most ${max} entries`,
  ],
  [/^value must be one of the defined enum values$/, () => "must be one of the known choices"],
  [/^value must not be in list \[/, () => "must be one of the known choices"],
  [/^value is required$/, () => "is required"],
];

const unitNames: Readonly<Record<string, string>> = { runes: "characters", bytes: "bytes" };

function describeRule(rule: string): string {
  for (const [pattern, describe] of rules) {
    const match = pattern.exec(rule);
    if (match !== null) {
      return describe(match);
    }
  }
  return rule;
}
