import { isPlainObject } from "../../../utils/is-plain-object.js";
import { type FieldValues, isProviderType } from "../../model/field-specs.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";
import type {
  AbsentProvider,
  DesiredEntry,
  DesiredProviders,
  DesiredState,
} from "./desired-state.js";

/** The replacement for an entry that cannot be read, which keeps the indexes of the other entries. It names no provider. */
const unreadableEntry: AbsentProvider = { absent: true };

/**
 * Returns the well-formed parts of a desired state, for further checks. `problems` are the problems of its form. Leaves out owners and
 * fields with problems, and replaces entries that cannot be read with absent ones.
 */
export function selectValidParts(
  state: unknown,
  problems: readonly ProviderProblem[],
): DesiredState {
  const places = new Set(problems.map(({ path }) => placeKey(path)));
  const { instance, organization, organizations } = isPlainObject(state) ? state : {};
  const select = (owner: unknown, path: ProblemPath): DesiredProviders | undefined =>
    selectOwner(owner, path, places);
  const validOrganizations = Object.entries(
    isPlainObject(organizations) ? organizations : {},
  ).flatMap(([id, each]) => {
    const owner = select(each, ["organizations", id]);
    return owner === undefined ? [] : [[id, owner] as const];
  });
  return {
    instance: select(instance, ["instance"]),
    organization: select(organization, ["organization"]),
    organizations: Object.fromEntries(validOrganizations),
  };
}

function selectOwner(
  owner: unknown,
  path: ProblemPath,
  places: ReadonlySet<string>,
): DesiredProviders | undefined {
  if (!isPlainObject(owner) || !Array.isArray(owner["providers"])) {
    return undefined;
  }
  const list: readonly unknown[] = owner["providers"];
  const prune = owner["prune"];
  return {
    providers: list.map((each, index) => selectEntry(each, [...path, "providers", index], places)),
    ...(typeof prune === "boolean" && { prune }),
  };
}

function selectEntry(entry: unknown, path: ProblemPath, places: ReadonlySet<string>): DesiredEntry {
  return isPlainObject(entry) && isReadable(entry)
    ? (Object.fromEntries(
        Object.entries(entry).filter(([name]) => !places.has(placeKey([...path, name]))),
      ) as unknown as DesiredEntry)
    : unreadableEntry;
}

function isReadable({ type, absent, instance }: FieldValues): boolean {
  return absent === undefined && instance === undefined
    ? isProviderType(type)
    : absent === true || (absent === undefined && instance === true);
}

/**
 * Returns a key that is the same for all paths to or into one field of an entry. Each other path has a key of its own.
 */
export function placeKey(path: ProblemPath): string {
  const depth = path[0] === "organizations" ? 5 : 4;
  return JSON.stringify(path.slice(0, depth));
}
