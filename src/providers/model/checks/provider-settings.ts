import {
  type FieldLimits,
  type Fields,
  type FieldSpec,
  providerTypes,
} from "../../../../gen/providers.js";
import type { ProviderProblem } from "../../provider-error.js";
import { trim } from "../../trim.js";
import { findValueProblems } from "./field-values.js";
import {
  byteLengthOfText,
  choiceNumbers,
  fieldsOfType,
  isProviderType,
  fieldsOfPart,
  type PlainFields,
} from "../convert-fields.js";
import type { ProviderType } from "../provider.js";

type Path = ProviderProblem["path"];

const typeNames = Object.keys(providerTypes);

/** The purpose of settings: to add a provider, to describe one that may already exist, or to change one. */
export type SettingsPurpose = "add" | "describe" | "patch";

/**
 * Returns the problems of settings, each with its location: fields that the type does not have, values that the server would
 * reject, and values that are certainly mistakes. Messages never repeat a value, because it may be a secret.
 *
 * For the purpose `describe`, only the form of the settings is checked: an odd value may be the current value of the provider.
 * The plan checks values with `valueProblems` once it knows the provider.
 */
export function findSettingsProblems(
  settings: PlainFields,
  purpose: SettingsPurpose,
): ProviderProblem[] {
  const { type, ...fields } = settings;
  if (!isProviderType(type)) {
    const known = joinWithOr(typeNames);
    return [{ path: ["type"], message: `must be ${known}${suggestValue(type, typeNames)}` }];
  }
  return findFieldProblems(type, fields, purpose);
}

/** Returns the problems of the fields of a type. Skips values that the provider already has in `before`. */
export function findFieldProblems(
  type: ProviderType,
  given: PlainFields,
  purpose: SettingsPurpose,
  before?: PlainFields,
): ProviderProblem[] {
  const fields = fieldsOfType(type);
  const problems = findMemberProblems(`a provider of type ${type}`, fields, given, []);
  for (const [name, { secret, min = 0 }] of Object.entries(fields)) {
    const isNeeded = min > 0 && (purpose === "add" || (purpose === "describe" && !secret));
    if (isNeeded && given[name] === undefined) {
      const why = secret ? "is required to add it" : "is required";
      problems.push({ path: [name], message: why });
    }
  }
  problems.push(...(special[type]?.(given, purpose) ?? []));
  if (purpose === "describe") {
    return problems;
  }
  const malformed = new Set(problems.map(({ path }) => path[0]));
  const wellFormed = Object.entries(given).filter(([name]) => !malformed.has(name));
  return [...problems, ...findValueProblems(type, Object.fromEntries(wellFormed), before)];
}

/** The rules that concern several fields. */
const special: Readonly<
  Partial<Record<ProviderType, (given: PlainFields, purpose: SettingsPurpose) => ProviderProblem[]>>
> = {
  saml({ metadataXml, metadataUrl }, purpose) {
    const given = [metadataXml, metadataUrl].filter((each) => each !== undefined).length;
    return given === 1 || (given === 0 && purpose === "patch")
      ? []
      : [
          {
            path: [given === 2 ? "metadataUrl" : "metadataXml"],
            message: "exactly one of metadataXml and metadataUrl is required",
          },
        ];
  },
};

function findMemberProblems(
  what: string,
  fields: Fields,
  given: PlainFields,
  path: Path,
): ProviderProblem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined
      ? []
      : spec === undefined
        ? [
            {
              path: [...path, name],
              message: `${what} has no ${name}; ${suggestField(name, Object.keys(fields))}`,
            },
          ]
        : findKindProblems(spec, value, [...path, name]);
  });
}

/** Returns a hint with the closest known name, or with all known names if none is close. */
export function suggestField(name: string, known: readonly string[]): string {
  const near = findSameName(name, known);
  return near === undefined ? `it has ${known.join(", ")}` : `did you mean ${near}?`;
}

function suggestValue(value: unknown, known: readonly string[]): string {
  const near = typeof value === "string" ? findSameName(value, known) : undefined;
  return near === undefined ? "" : `; did you mean ${near}?`;
}

/**
 * Returns the known name that differs only in case and punctuation, or that is the end of one of ZITADEL's longer constants.
 */
function findSameName(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const isConstant = /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(name);
  return known.find(
    (each) => plain(each) === plain(name) || (isConstant && plain(name).endsWith(plain(each))),
  );
}

function findKindProblems(spec: FieldSpec, value: unknown, path: Path): ProviderProblem[] {
  const wrong = (message: string): ProviderProblem[] => [{ path, message }];
  switch (spec.kind) {
    case "flag":
      return typeof value === "boolean" ? [] : wrong("must be true or false");
    case "choice": {
      const names = Object.keys(choiceNumbers(spec));
      return names.includes(value as string)
        ? []
        : wrong(`must be ${joinWithOr(names)}${suggestValue(value, names)}`);
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
        ? findMemberProblems(String(path.at(-1)), fieldsOfPart(spec), value, path)
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
      const length = typeof value === "string" ? byteLengthOfText(value) : undefined;
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
  path: Path,
): ProviderProblem[] {
  if (!isPlainObject(value)) {
    return [{ path, message: "must be an object" }];
  }
  const fields = fieldsOfPart(spec);
  return [
    ...findMemberProblems(spec.of, fields, value, path),
    ...Object.keys(fields)
      .filter((name) => value[name] === undefined)
      .map((name) => ({ path: [...path, name], message: "is required" })),
  ];
}

/** The only control character that the server does not store. */
const nul = "\u0000";

function findTextProblems(value: unknown, limits: FieldLimits, path: Path): ProviderProblem[] {
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
function findBlankProblem({ min = 0 }: FieldLimits, value: string, path: Path): ProviderProblem[] {
  return min > 0 && value !== "" && trim(value) === ""
    ? [{ path, message: "must not consist of white space only" }]
    : [];
}

function findLimitProblem(
  { min = 0, max = Infinity }: FieldLimits,
  length: number,
  unit: string,
  path: Path,
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

/** Returns true for objects other than lists. */
export function isPlainObject(value: unknown): value is PlainFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joinWithOr(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
