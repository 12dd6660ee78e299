import type { FieldLimits, Fields, FieldSpec } from "../../../../gen/providers.js";
import { isPlainObject } from "../../../utils/is-plain-object.js";
import { trim } from "../../../utils/trim.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";
import { countBytes } from "../bytes-text.js";
import { getChoiceNumbers, getPartFields, type FieldValues } from "../field-specs.js";
import { describeAllowedValues, suggestField } from "./suggest-name.js";

/**
 * Returns the problems of members: unknown names, and values of the wrong type or length. `others` are names beside the fields that the
 * problem of an unknown name may propose.
 */
export function findMemberProblems(
  what: string,
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
              message: `${what} has no ${name}; ${suggestField(name, Object.keys(fields), [...listPartPaths(fields), ...others])}`,
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
  const wrong = (message: string): ProviderProblem[] => [{ path, message }];
  switch (spec.kind) {
    case "flag":
      return typeof value === "boolean" ? [] : wrong("must be true or false");
    case "choice": {
      const names = Object.keys(getChoiceNumbers(spec));
      return names.includes(value as string) ? [] : wrong(describeAllowedValues(value, names));
    }
    case "duration":
      return typeof value === "string" &&
        /^-?\d{1,12}(\.\d{1,9})?s$/.test(value) &&
        Math.abs(parseFloat(value)) <= 315_576_000_000
        ? []
        : wrong("must be seconds such as 10s or 1.5s");
    case "tenant":
      return typeof value === "string"
        ? []
        : wrong("must be common, organizations, consumers, or the id or domain of a directory");
    case "object":
      return isPlainObject(value)
        ? findMemberProblems(String(path.at(-1)), getPartFields(spec), value, path)
        : wrong("must be an object");
    case "texts":
      if (!Array.isArray(value)) {
        return wrong("must be a list of texts");
      }
      return [
        ...findLimitProblem(spec, value.length, "entries", path),
        ...value.flatMap((each: unknown, index) =>
          findTextProblems(each, spec.item ?? {}, [...path, index]),
        ),
      ];
    case "objects":
      if (!Array.isArray(value)) {
        return wrong("must be a list of objects");
      }
      return [
        ...findLimitProblem(spec, value.length, "entries", path),
        ...value.flatMap((each: unknown, index) => findEntryProblems(spec, each, [...path, index])),
      ];
    case "bytes": {
      const length = typeof value === "string" ? countBytes(value) : undefined;
      return length === undefined
        ? wrong("must be text, or base64: followed by valid base64")
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
  const allowed =
    min === max
      ? `exactly ${min}`
      : min > 0 && max < Infinity
        ? `${min} to ${max}`
        : max < Infinity
          ? `at most ${max}`
          : `at least ${min}`;
  return [{ path, message: `must have ${allowed} ${unit}; it has ${length}` }];
}
