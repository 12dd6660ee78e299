import { isPlainObject } from "../../../utils/is-plain-object.js";
import { findSettingsProblems } from "../../model/checks/settings-problems.js";
import type { FieldValues } from "../../model/field-specs.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";

/**
 * Returns the problems of a desired state, each with its location. The state may come from a file, so its shape is checked too.
 */
export function findDesiredStateProblems(state: unknown): ProviderProblem[] {
  if (!isPlainObject(state)) {
    return [
      { path: [], message: "must be an object with instance, organization or organizations" },
    ];
  }
  const { instance, organization, organizations, ...others } = state;
  return [
    ...findUnknownNames(others, [], "known fields are instance, organization and organizations"),
    ...(instance === undefined ? [] : findOwnerProblems(instance, ["instance"])),
    ...(organization === undefined ? [] : findOwnerProblems(organization, ["organization"])),
    ...(organizations === undefined
      ? []
      : isPlainObject(organizations)
        ? Object.entries(organizations).flatMap(([id, each]) => [
            // Scripts write "undefined" if a variable is not set.
            ...(/^(?!(?:undefined|null)$)[\x21-\x7e]{1,200}$/.test(id)
              ? []
              : [{ path: ["organizations", id], message: "is not the id of an organization" }]),
            ...findOwnerProblems(each, ["organizations", id]),
          ])
        : [
            {
              path: ["organizations"],
              message: "must be an object with the ids of organizations as its keys",
            },
          ]),
  ];
}

function findUnknownNames(others: FieldValues, path: ProblemPath, help: string): ProviderProblem[] {
  return Object.keys(others).map((name) => ({
    path: [...path, name],
    message: `is not a known field; ${help}`,
  }));
}

function findOwnerProblems(value: unknown, path: ProblemPath): ProviderProblem[] {
  if (!isPlainObject(value) || !Array.isArray(value["providers"])) {
    return [{ path, message: "must be an object with a list of providers" }];
  }
  const { providers, prune, createLoginPolicy, ...others } = value;
  const list = providers as readonly unknown[];
  return [
    ...findUnknownNames(others, path, "known fields are providers, prune and createLoginPolicy"),
    ...findFlagProblem(prune, [...path, "prune"]),
    ...findFlagProblem(createLoginPolicy, [...path, "createLoginPolicy"]),
    ...list.flatMap((each, index) => findProviderProblems(each, [...path, "providers", index])),
    ...findRepeatedEntries(list, [...path, "providers"]),
  ];
}

function findFlagProblem(value: unknown, path: ProblemPath): ProviderProblem[] {
  return value === undefined || typeof value === "boolean"
    ? []
    : [{ path, message: "must be true or false" }];
}

function findProviderProblems(value: unknown, path: ProblemPath): ProviderProblem[] {
  if (!isPlainObject(value)) {
    return [{ path, message: "must be an object" }];
  }
  const { id, active, absent, ...settings } = value;
  if (absent !== undefined) {
    return [...findIdProblem(id, path), ...findAbsentProblems(value, path)];
  }
  return [
    ...findIdProblem(id, path),
    ...findFlagProblem(active, [...path, "active"]),
    ...findSettingsProblems(settings, "describe").map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    })),
  ];
}

function findIdProblem(id: unknown, path: ProblemPath): ProviderProblem[] {
  return id === undefined || (typeof id === "string" && /^[\w-]{1,200}$/.test(id))
    ? []
    : [{ path: [...path, "id"], message: "must be text of letters and digits: put it in quotes" }];
}

function findAbsentProblems(
  { absent, id, type, name, active, ...others }: FieldValues,
  path: ProblemPath,
): ProviderProblem[] {
  const isIdentified = id !== undefined || (typeof type === "string" && isNonBlankText(name));
  return [
    ...(absent === true
      ? []
      : [{ path: [...path, "absent"], message: "must be true, or left out" }]),
    ...(isIdentified
      ? []
      : [{ path, message: "needs an id, or a type and a name that is not empty" }]),
    ...findUnknownNames(
      { ...others, ...(active !== undefined && { active }) },
      path,
      "an absent provider has only id, type and name",
    ),
  ];
}

function isNonBlankText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

/** Rejects two entries for the same provider, because they would undo each other. */
function findRepeatedEntries(list: readonly unknown[], path: ProblemPath): ProviderProblem[] {
  const first = new Map<string, number>();
  return list.flatMap((each, index) => {
    if (!isPlainObject(each)) {
      return [];
    }
    const { id, type, name = "" } = each;
    const key = JSON.stringify(id === undefined ? [type, name] : id);
    const before = first.get(key);
    first.set(key, before ?? index);
    return before === undefined
      ? []
      : [
          {
            path: [...path, index],
            message: `is the same provider as providers[${before}]: give the entries different names, or the ids of the existing providers`,
          },
        ];
  });
}
