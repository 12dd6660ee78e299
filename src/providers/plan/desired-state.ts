import { isPlainObject } from "../../utils/is-plain-object.js";
import { printable } from "../../utils/printable.js";
import { findSettingsProblems } from "../model/checks/provider-settings.js";
import type { FieldValues } from "../model/field-specs.js";
import type { ProviderSettings } from "../model/provider.js";
import { toStoredName } from "../model/stored-values.js";
import type { ProviderProblem } from "../provider-error.js";

/**
 * A provider in its desired state. The entry is complete: a field that is left out gets its default. Exceptions, which
 * keep their current value: secrets, `active`, and the fields that ZITADEL itself keeps (scopes, `rootCa` and `nameIdFormat`).
 * The order of scopes has no meaning.
 *
 * The provider is found by `id`, else by the id that the state knows for its type and name, else by type and name among the
 * providers that the owner owns. So with a state, a renamed entry or provider is still found.
 *
 * @example
 * const google: DesiredProvider = { type: "google", name: "Google", clientId, clientSecret, active: true };
 */
export type DesiredProvider = ProviderSettings & {
  /** The id. Required if several providers have the same name, and to rename a provider without a state. */
  readonly id?: string;
  /** True if the provider is active on the login page. If left out, this stays as it is. */
  readonly active?: boolean;
};

/** A provider that must not exist. It is deleted even if users are linked to it. Found by id, or by type and name. */
export interface AbsentProvider {
  readonly absent: true;
  readonly id?: string;
  readonly type?: ProviderSettings["type"];
  readonly name?: string;
}

/** The desired providers of one owner. Providers that exist but are not listed stay as they are. */
export interface DesiredProviders {
  readonly providers: readonly (DesiredProvider | AbsentProvider)[];
  /** Deletes the providers that an earlier `apply` with the same state added and that are no longer listed. Default: false. */
  readonly prune?: boolean;
  /**
   * Creates a login policy for an organization that has none of its own, as a copy of the instance's default, if a provider is
   * to be activated. Default: false.
   */
  readonly createLoginPolicy?: boolean;
}

/**
 * The desired providers of all owners.
 *
 * @example
 * const desired: DesiredState = {
 *   organization: { providers: [{ type: "google", name: "Google", clientId, clientSecret }] },
 * };
 */
export interface DesiredState {
  /** The providers of the instance. */
  readonly instance?: DesiredProviders;
  /** The providers of the client's own organization. */
  readonly organization?: DesiredProviders;
  /** The providers of organizations, by the id of the organization. */
  readonly organizations?: Readonly<Record<string, DesiredProviders>>;
}

/** An owner of providers: the instance, an organization by its id, or the client's own organization. */
export interface Owner {
  readonly owner: "org" | "instance";
  /** The id of the organization. Absent for the client's own organization. */
  readonly orgId?: string;
}

/** The desired providers of one owner, with their location in the desired state. */
export interface DesiredOwner {
  readonly owner: Owner;
  readonly desired: DesiredProviders;
  /** The location of the owner in the desired state, for problems. */
  readonly path: ProviderProblem["path"];
}

/** Returns the owners of a desired state. */
export function listOwners({
  instance,
  organization,
  organizations = {},
}: DesiredState): DesiredOwner[] {
  const single = (owner: Owner, desired: DesiredProviders | undefined, name: string) =>
    desired === undefined ? [] : [{ owner, desired, path: [name] }];
  return [
    ...single({ owner: "instance" }, instance, "instance"),
    ...single({ owner: "org" }, organization, "organization"),
    ...Object.entries(organizations).map(([orgId, desired]) => ({
      owner: { owner: "org" as const, orgId },
      desired,
      path: ["organizations", orgId],
    })),
  ];
}

/** Returns true for an entry that must not exist. */
export function isAbsent(provider: DesiredProvider | AbsentProvider): provider is AbsentProvider {
  return "absent" in provider && provider.absent;
}

/** Splits a desired provider into its parts. */
export function splitEntry({ id, active, ...settings }: DesiredProvider): {
  id: string | undefined;
  active: boolean | undefined;
  settings: ProviderSettings;
  name: string;
} {
  const name = toStoredName(settings.type, { ...settings });
  return { id, active, settings, name };
}

/** Returns the label of a provider for people: its type and name. */
export function describeProvider(type: string, name: string): string {
  return name === "" ? type : `${type} ${printable(JSON.stringify(name))}`;
}

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

type Path = ProviderProblem["path"];

function findUnknownNames(others: FieldValues, path: Path, help: string): ProviderProblem[] {
  return Object.keys(others).map((name) => ({
    path: [...path, name],
    message: `is not a known field; ${help}`,
  }));
}

function findOwnerProblems(value: unknown, path: Path): ProviderProblem[] {
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

function findFlagProblem(value: unknown, path: Path): ProviderProblem[] {
  return value === undefined || typeof value === "boolean"
    ? []
    : [{ path, message: "must be true or false" }];
}

function findProviderProblems(value: unknown, path: Path): ProviderProblem[] {
  if (!isPlainObject(value)) {
    return [{ path, message: "must be an object" }];
  }
  const { id, active, absent, ...settings } = value;
  const idProblem =
    id === undefined || (typeof id === "string" && /^[\w-]{1,200}$/.test(id))
      ? []
      : [
          {
            path: [...path, "id"],
            message: "must be text of letters and digits: put it in quotes",
          },
        ];
  if (absent !== undefined) {
    const { type, name, ...others } = settings;
    return [
      ...idProblem,
      ...(absent === true
        ? []
        : [{ path: [...path, "absent"], message: "must be true, or left out" }]),
      ...(id !== undefined || (typeof type === "string" && isNonBlankText(name))
        ? []
        : [
            {
              path,
              message: "needs an id, or a type and a name that is not empty",
            },
          ]),
      ...findUnknownNames(
        { ...others, ...(active !== undefined && { active }) },
        path,
        "an absent provider has only id, type and name",
      ),
    ];
  }
  return [
    ...idProblem,
    ...findFlagProblem(active, [...path, "active"]),
    ...findSettingsProblems(settings, "describe").map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    })),
  ];
}

function isNonBlankText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

/** Rejects two entries for the same provider, because they would undo each other. */
function findRepeatedEntries(list: readonly unknown[], path: Path): ProviderProblem[] {
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
