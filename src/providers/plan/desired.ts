import { printable } from "../../printable.js";
import { isPlain, settingsProblems } from "../model/check.js";
import type { Plain } from "../model/fields.js";
import type { ProviderSettings } from "../model/provider.js";
import type { ProviderProblem } from "../provider-error.js";
import { storedName } from "../content.js";

/**
 * A provider as it should be. All of it counts: what is left out is the default. Kept are secrets, the login page's offer, and what
 * ZITADEL itself keeps when it is left out: scopes, `rootCa` and `nameIdFormat`. The order of scopes has no meaning.
 *
 * It is found by `id`, or else by the id that the state knows for its type and name, or else by type and name among what the owner
 * owns. So an entry or a provider that was renamed is still found, with a state.
 */
export type DesiredProvider = ProviderSettings & {
  /** Needed where several have the same name, and to give one another name without a state. */
  readonly id?: string;
  /** Whether the login page offers it. Left out: it stays as it is. */
  readonly active?: boolean;
};

/** A provider that should not be: it is deleted, though users may be linked to it. Found by id, or by type and name. */
export interface AbsentProvider {
  readonly absent: true;
  readonly id?: string;
  readonly type?: ProviderSettings["type"];
  readonly name?: string;
}

/** The providers of one owner. What is there and not in the list stays as it is. */
export interface DesiredProviders {
  readonly providers: readonly (DesiredProvider | AbsentProvider)[];
  /** Deletes what an earlier `apply` with the same state made, and the list no longer has. Default: false. */
  readonly prune?: boolean;
  /**
   * Lets an organization that has none get a login policy of its own, as a copy of the instance's default, if a provider is to be
   * offered. Default: false.
   */
  readonly createLoginPolicy?: boolean;
}

/** Providers as they should be. */
export interface DesiredState {
  /** Those of the instance. */
  readonly instance?: DesiredProviders;
  /** Those of the organization that the client is about. */
  readonly organization?: DesiredProviders;
  /** Those of organizations by their id. */
  readonly organizations?: Readonly<Record<string, DesiredProviders>>;
}

/** One owner of providers: the instance, an organization by its id, or the client's own. */
export interface Owner {
  readonly owner: "org" | "instance";
  /** Absent for the client's own organization. */
  readonly orgId?: string;
}

export interface OwnerDesired {
  readonly owner: Owner;
  readonly desired: DesiredProviders;
  /** Where it stands, for problems. */
  readonly path: ProviderProblem["path"];
}

/** The owners of a desired state, one after the other. */
export function ownersOf({
  instance,
  organization,
  organizations = {},
}: DesiredState): OwnerDesired[] {
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

export function isAbsent(provider: DesiredProvider | AbsentProvider): provider is AbsentProvider {
  return "absent" in provider && provider.absent;
}

/** The parts of a desired provider. */
export function partsOf({ id, active, ...settings }: DesiredProvider): {
  id: string | undefined;
  active: boolean | undefined;
  settings: ProviderSettings;
  name: string;
} {
  const name = storedName(settings.type, { ...settings });
  return { id, active, settings, name };
}

/** A provider as people name it: its type and its name. */
export function label(type: string, name: string): string {
  return name === "" ? type : `${type} ${printable(JSON.stringify(name))}`;
}

/** What is wrong with a desired state, each with its place. It may come from a file, so nothing of its shape is taken for granted. */
export function desiredProblems(state: unknown): ProviderProblem[] {
  if (!isPlain(state)) {
    return [
      { path: [], message: "must be an object with instance, organization or organizations" },
    ];
  }
  const { instance, organization, organizations, ...others } = state;
  return [
    ...unknownNames(others, [], "it has instance, organization and organizations"),
    ...(instance === undefined ? [] : providersProblems(instance, ["instance"])),
    ...(organization === undefined ? [] : providersProblems(organization, ["organization"])),
    ...(organizations === undefined
      ? []
      : isPlain(organizations)
        ? Object.entries(organizations).flatMap(([id, each]) => [
            // Scripts write "undefined" where a variable is not set.
            ...(/^(?!(?:undefined|null)$)[\x21-\x7e]{1,200}$/.test(id)
              ? []
              : [{ path: ["organizations", id], message: "is not the id of an organization" }]),
            ...providersProblems(each, ["organizations", id]),
          ])
        : [{ path: ["organizations"], message: "must be an object: organizations by their id" }]),
  ];
}

type Path = ProviderProblem["path"];

function unknownNames(others: Plain, path: Path, help: string): ProviderProblem[] {
  return Object.keys(others).map((name) => ({
    path: [...path, name],
    message: `there is no ${name}; ${help}`,
  }));
}

function providersProblems(value: unknown, path: Path): ProviderProblem[] {
  if (!isPlain(value) || !Array.isArray(value["providers"])) {
    return [{ path, message: "must be an object with a list of providers" }];
  }
  const { providers, prune, createLoginPolicy, ...others } = value;
  const list = providers as readonly unknown[];
  return [
    ...unknownNames(others, path, "it has providers, prune and createLoginPolicy"),
    ...flagProblem(prune, [...path, "prune"]),
    ...flagProblem(createLoginPolicy, [...path, "createLoginPolicy"]),
    ...list.flatMap((each, index) => providerProblems(each, [...path, "providers", index])),
    ...twins(list, [...path, "providers"]),
  ];
}

function flagProblem(value: unknown, path: Path): ProviderProblem[] {
  return value === undefined || typeof value === "boolean"
    ? []
    : [{ path, message: "must be true or false" }];
}

function providerProblems(value: unknown, path: Path): ProviderProblem[] {
  if (!isPlain(value)) {
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
      ...(id !== undefined || (typeof type === "string" && hasText(name))
        ? []
        : [
            {
              path,
              message: "needs an id, or a type and a name that is not empty, to be found",
            },
          ]),
      ...unknownNames(
        { ...others, ...(active !== undefined && { active }) },
        path,
        "what is absent has id, type and name only",
      ),
    ];
  }
  return [
    ...idProblem,
    ...flagProblem(active, [...path, "active"]),
    ...settingsProblems(settings, "describe").map((problem) => ({
      ...problem,
      path: [...path, ...problem.path],
    })),
  ];
}

function hasText(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}

/** Two entries for one provider would undo each other. */
function twins(list: readonly unknown[], path: Path): ProviderProblem[] {
  const first = new Map<string, number>();
  return list.flatMap((each, index) => {
    if (!isPlain(each)) {
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
            message: `is the same provider as providers[${before}]: give them different names, or the ids of those that are there`,
          },
        ];
  });
}
