import type { FieldLimits, Fields, FieldSpec } from "../../../../gen/providers.js";
import { isPlainObject } from "../../../utils/is-plain-object.js";
import { maxDurationSeconds } from "../../../utils/protobuf-times.js";
import { trim } from "../../../utils/trim.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";
import { bytesRuleText, countBytes } from "../bytes-text.js";
import { getChoiceNumbers, getPartFields, type FieldValues } from "../field-specs.js";
import { describeAllowedValues, suggestField } from "./suggest-name.js";
import { tenantRule } from "./tenant.js";

/**
 * Returns the problems of members: unknown names, and values of the wrong type or length. `owner` names the object that has the fields.
 * `others` are further names that the problem of an unknown name may suggest.
 */
export function findMemberProblems(
  owner: string,
  fields: Fields,
  given: FieldValues,
  path: ProblemPath,
  others: readonly string[] = [],
): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined
      ? []
      : spec === undefined
        ? [
            {
              path: [...path, name],
              message: `${owner} has no ${name}; ${suggestField(name, Object.keys(fields), [...listPartPaths(fields), ...others])}`,
            },
          ]
        : findKindProblems(spec, value, [...path, name]);
  });
}

/** Returns the paths to the fields inside other fields, such as `options.isAutoUpdate`. */
function listPartPaths(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([name, spec]) =>
    spec.kind === "object" ? Object.keys(getPartFields(spec)).map((each) => `${name}.${each}`) : [],
  );
}

function findKindProblems(spec: FieldSpec, value: unknown, path: ProblemPath): ProviderProblem[] {
  const report = (message: string): ProviderProblem[] => [{ path, message }];
  switch (spec.kind) {
    case "flag":
      return typeof value === "boolean" ? [] : report("must be true or false");
    case "choice": {
      const names = Object.keys(getChoiceNumbers(spec));
      return names.includes(value as string) ? [] : report(describeAllowedValues(value, names));
    }
    case "duration":
      return typeof value === "string" &&
        /^-?\d{1,12}(\.\d{1,9})?s$/.test(value) &&
        Math.abs(parseFloat(value)) <= maxDurationSeconds
        ? []
        : report("must be seconds such as 10s or 1.5s");
    case "tenant":
      return typeof value === "string" ? [] : report(tenantRule);
    case "object":
      return isPlainObject(value)
        ? findMemberProblems(String(path.at(-1)), getPartFields(spec), value, path)
        : report("must be an object");
    case "texts":
      if (!Array.isArray(value)) {
        return report("must be a list of texts");
      }
      return [
        ...findLimitProblem(spec, value.length, "entries", path),
        ...value.flatMap((each: unknown, index) =>
          findTextProblems(each, spec.item ?? {}, [...path, index]),
        ),
      ];
    case "objects":
      if (!Array.isArray(value)) {
        return report("must be a list of objects");
      }
      return [
        ...findLimitProblem(spec, value.length, "entries", path),
        ...value.flatMap((each: unknown, index) => findEntryProblems(spec, each, [...path, index])),
      ];
    case "bytes": {
      const length = typeof value === "string" ? countBytes(value) : undefined;
      return length === undefined
        ? report(bytesRuleText)
        : [
            ...findLimitProblem(spec, length, "bytes", path),
            ...findBlankProblem(spec, value as string, path),
          ];
    }
    default:
      return [
        ...findTextProblems(value, spec, path),
        ...(typeof value === "string" ? findBlankProblem(spec, value, path) : []),
      ];
  }
}

function findEntryProblems(
  spec: { readonly of: string },
  value: unknown,
  path: ProblemPath,
): ProviderProblem[] {
  if (!isPlainObject(value)) {
    return [{ path, message: "must be an object" }];
  }
  const fields = getPartFields(spec);
  return [
    ...findMemberProblems(spec.of, fields, value, path),
    ...Object.keys(fields)
      .filter((name) => value[name] === undefined)
      .map((name) => ({ path: [...path, name], message: "is required" })),
  ];
}

/** The only control character that the server does not store. */
const nul = "\u0000";

function findTextProblems(
  value: unknown,
  limits: FieldLimits,
  path: ProblemPath,
): ProviderProblem[] {
  return typeof value !== "string"
    ? [{ path, message: "must be text" }]
    : value.includes(nul)
      ? [
          {
            path,
            message: "must not contain the character NUL, which ZITADEL's database does not store",
          },
        ]
      : findLimitProblem(limits, [...value].length, "characters", path);
}

/** Rejects white space in a required field: the server trims the text before it checks the length. */
function findBlankProblem(
  { min = 0 }: FieldLimits,
  value: string,
  path: ProblemPath,
): ProviderProblem[] {
  return min > 0 && value !== "" && trim(value) === ""
    ? [{ path, message: "must not consist of white space only" }]
    : [];
}

function findLimitProblem(
  { min = 0, max = Infinity }: FieldLimits,
  length: number,
  unit: string,
  path: ProblemPath,
): ProviderProblem[] {
  if (length >= min && length <= max) {
    return [];
  }
  return [{ path, message: `must have ${describeRange(min, max)} ${unit}; it has ${length}` }];
}

function describeRange(min: number, max: number): string {
  if (min === max) {
    return `exactly ${min}`;
  }
  if (max === Infinity) {
    return `at least ${min}`;
  }
  return min > 0 ? `${min} to ${max}` : `at most ${max}`;
}
