import { isPlainObject } from "../../../utils/is-plain-object.js";
import { type FieldValues, isProviderType } from "../../model/field-specs.js";
import type { ProblemPath, ProviderProblem } from "../../provider-error.js";
import type {
  AbsentProvider,
  DesiredEntry,
  DesiredProviders,
  DesiredState,
} from "./desired-state.js";

/** The entry in place of one that cannot be read, so that the indexes of the others stay. It names no provider. */
const unreadableEntry: AbsentProvider = { absent: true };

/**
 * Returns the parts of a desired state that are well formed, for further checks. `problems` are those of its form. Leaves out owners
 * and fields with problems, and replaces entries that cannot be read by absent ones.
 */
export function selectValidParts(
  state: unknown,
  problems: readonly ProviderProblem[],
): DesiredState {
  const places = new Set(problems.map(({ path }) => placeKey(path)));
  const { instance, organization, organizations } = isPlainObject(state) ? state : {};
  const select = (owner: unknown, path: ProblemPath): DesiredProviders | undefined =>
    selectOwner(owner, path, places);
  const ofOrganizations = Object.entries(isPlainObject(organizations) ? organizations : {}).flatMap(
    ([id, each]) => {
      const owner = select(each, ["organizations", id]);
      return owner === undefined ? [] : [[id, owner] as const];
    },
  );
  return {
    instance: select(instance, ["instance"]),
    organization: select(organization, ["organization"]),
    organizations: Object.fromEntries(ofOrganizations),
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
 * Returns a key of the field of an entry that a path leads to or into. Paths that lead to something else have keys of their own.
 */
export function placeKey(path: ProblemPath): string {
  const depth = path[0] === "organizations" ? 5 : 4;
  return JSON.stringify(path.slice(0, depth));
}
