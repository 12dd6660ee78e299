import { providerTypes } from "../../../../gen/providers.js";
import { isOrgId } from "../../../utils/is-org-id.js";
import { isPlainObject } from "../../../utils/is-plain-object.js";
import { findSettingsProblems } from "../../model/checks/settings-problems.js";
import { findKnownName, describeAllowedValues } from "../../model/checks/suggest-name.js";
import { legacyTypes } from "../../model/legacy-types.js";
import type { FieldValues } from "../../model/field-specs.js";
import { isProviderId } from "../../is-provider-id.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";
import { findSecretDateProblems } from "./secret-dates.js";

/**
 * Returns the problems of the form of a desired state, each with its location. The state may come from a file and have any shape.
 */
export function findDesiredStateProblems(state: unknown): ProviderProblem[] {
  if (!isPlainObject(state)) {
    return [
      { path: [], message: "must be an object with instance, organization or organizations" },
    ];
  }
  const { instance, organization, organizations, ...others } = state;
  return [
    ...findUnknownNames(
      others,
      [],
      ["instance", "organization", "organizations"],
      "known fields are instance, organization and organizations",
    ),
    ...(instance === undefined ? [] : findOwnerProblems(instance, ["instance"])),
    ...(organization === undefined ? [] : findOwnerProblems(organization, ["organization"])),
    ...(organizations === undefined ? [] : findOrganizationProblems(organizations)),
  ];
}

function findUnknownNames(
  others: FieldValues,
  path: ProblemPath,
  known: readonly string[],
  help: string,
): ProviderProblem[] {
  return Object.keys(others).map((name) => {
    const near = findKnownName(name, known);
    return {
      path: [...path, name],
      message: `is not a known field; ${near === undefined ? help : `did you mean ${near}?`}`,
    };
  });
}

function findOrganizationProblems(organizations: unknown): ProviderProblem[] {
  if (!isPlainObject(organizations)) {
    const message = "must be an object with the ids of organizations as its keys";
    return [{ path: ["organizations"], message }];
  }
  return Object.entries(organizations).flatMap(([id, each]) => {
    const path = ["organizations", id];
    // Scripts write "undefined" if a variable is not set.
    const isId = isOrgId(id) && id !== "undefined" && id !== "null";
    const problems = isId ? [] : [{ path, message: "is not the id of an organization" }];
    return [...problems, ...findOwnerProblems(each, path)];
  });
}

function findOwnerProblems(value: unknown, path: ProblemPath): ProviderProblem[] {
  const message = "must be an object with a list of providers";
  if (!isPlainObject(value)) {
    return [{ path, message }];
  }
  const { providers, prune, createLoginPolicy, ...others } = value;
  const unknownNames = findUnknownNames(
    others,
    path,
    ["providers", "prune", "createLoginPolicy"],
    "known fields are providers, prune and createLoginPolicy",
  );
  if (!Array.isArray(providers)) {
    return [{ path, message }, ...unknownNames];
  }
  const list = providers as readonly unknown[];
  return [
    ...unknownNames,
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
  const { id, active, absent, instance, ...others } = value;
  const { clientSecretExpires, bindPasswordExpires, privateKeyExpires, ...settings } = others;
  const dates = { clientSecretExpires, bindPasswordExpires, privateKeyExpires };
  if (absent !== undefined) {
    return [...findIdProblem(id, path), ...findAbsentProblems(value, path)];
  }
  if (instance !== undefined) {
    return [...findIdProblem(id, path), ...findInstanceEntryProblems(value, path)];
  }
  return [
    ...findIdProblem(id, path),
    ...findFlagProblem(active, [...path, "active"]),
    ...findSecretDateProblems(settings["type"], dates, path),
    ...findSettingsProblems(settings, "describe").map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    })),
  ];
}

function findIdProblem(id: unknown, path: ProblemPath): ProviderProblem[] {
  return id === undefined || isProviderId(id)
    ? []
    : [
        {
          path: [...path, "id"],
          message: "must be 1 to 200 letters, digits, - or _ as text: put it in quotes",
        },
      ];
}

function findAbsentProblems(
  { absent, id, type, name, active, ...others }: FieldValues,
  path: ProblemPath,
): ProviderProblem[] {
  const isIdentified = id !== undefined || (type !== undefined && isNonBlankText(name));
  return [
    ...(absent === true
      ? []
      : [{ path: [...path, "absent"], message: "must be true, or left out" }]),
    ...(isIdentified
      ? []
      : [{ path, message: "needs an id, or a type and a name that is not empty" }]),
    ...(type === undefined || absentTypes.some((each) => each === type)
      ? []
      : [{ path: [...path, "type"], message: describeAllowedValues(type, absentTypes) }]),
    ...findUnknownNames(
      { ...others, ...(active !== undefined && { active }) },
      path,
      ["id", "type", "name"],
      "an absent provider has only id, type and name",
    ),
  ];
}

/** The types that an absent provider may have: those of providers, and those of legacy IDPs. */
const absentTypes: readonly string[] = [...Object.keys(providerTypes), ...legacyTypes];

function findInstanceEntryProblems(
  { instance, id, name, active, ...others }: FieldValues,
  path: ProblemPath,
): ProviderProblem[] {
  if (path[0] === "instance") {
    const message = "is only for organizations, which can name a provider of the instance";
    return [{ path: [...path, "instance"], message }];
  }
  return [
    ...(instance === true
      ? []
      : [{ path: [...path, "instance"], message: "must be true, or left out" }]),
    ...(id !== undefined || isNonBlankText(name)
      ? []
      : [{ path, message: "needs the id of a provider of the instance, or its name" }]),
    ...(active === undefined
      ? [
          {
            path: [...path, "active"],
            message:
              "is missing: set it to true to activate the provider on the login page, otherwise to false",
          },
        ]
      : findFlagProblem(active, [...path, "active"])),
    ...findUnknownNames(
      others,
      path,
      ["id", "name", "active"],
      "an entry for a provider of the instance has only id, name and active; list its fields under instance",
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
    const { id, type, name = "", instance } = each;
    const key = JSON.stringify(id === undefined ? [instance ?? type, name] : id);
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
