import type { FieldChange } from "../providers/index.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { compareFields } from "../providers/plan/compare-fields.js";
import type { ListedProvider } from "./list-with-active.js";

/** A provider of an owner. `instance` marks a provider of the instance that an organization offers. */
export type OfferedProvider = ListedProvider & { readonly instance?: true };

/** The differences between the providers of two owners. */
export interface OwnerDifference {
  readonly onlyFrom: readonly ComparedProvider[];
  readonly onlyTo: readonly ComparedProvider[];
  readonly different: readonly DifferentProvider[];
  /** The number of providers without differences. */
  readonly same: number;
}

/** A provider that only one of two owners has. */
interface ComparedProvider {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** True for a provider of the instance that an organization offers. */
  readonly instance?: true;
}

/** A provider with different settings at two owners. */
interface DifferentProvider extends Omit<ComparedProvider, "id" | "instance"> {
  readonly fromId: string;
  readonly toId: string;
  readonly changes: readonly FieldChange[];
}

/**
 * Compares providers by type and name. Several providers may share both, so providers with equal settings are paired first, and only the
 * rest is compared. Of a provider of the instance, only the name counts.
 */
export function compareOwners(
  from: readonly OfferedProvider[],
  to: readonly OfferedProvider[],
): OwnerDifference {
  const remaining = [...to];
  const take = (isMatch: (other: OfferedProvider) => boolean): OfferedProvider | undefined => {
    const index = remaining.findIndex(isMatch);
    return index < 0 ? undefined : remaining.splice(index, 1)[0];
  };
  const withoutEqual = sortProviders(from).filter(
    (each) =>
      take((other) => isSameName(each, other) && listChanges(each, other).length === 0) ===
      undefined,
  );
  const onlyFrom: OfferedProvider[] = [];
  const different: DifferentProvider[] = [];
  for (const each of withoutEqual) {
    const other = take((candidate) => isSameName(each, candidate));
    if (other === undefined) {
      onlyFrom.push(each);
    } else {
      const { type, name } = each;
      const changes = listChanges(each, other);
      different.push({ type, name, fromId: each.id, toId: other.id, changes });
    }
  }
  return {
    onlyFrom: onlyFrom.map(toComparedProvider),
    onlyTo: sortProviders(remaining).map(toComparedProvider),
    different,
    same: from.length - withoutEqual.length,
  };
}

function listChanges(from: OfferedProvider, to: OfferedProvider): FieldChange[] {
  return from.instance
    ? []
    : compareFields(pickComparableSettings(from), pickComparableSettings(to));
}

/** Returns the fields to compare: all but ids, owner, times and sequence. Unknown content is compared by its paths. */
function pickComparableSettings(provider: OfferedProvider): FieldValues {
  const {
    id: _id,
    owner: _owner,
    ownerId: _ownerId,
    createdAt: _createdAt,
    changedAt: _changedAt,
    sequence: _sequence,
    unknown = [],
    ...settings
  } = provider;
  return { ...settings, unknown };
}

function isSameName(a: OfferedProvider, b: OfferedProvider): boolean {
  return a.type === b.type && a.name === b.name && a.instance === b.instance;
}

function sortProviders(providers: readonly OfferedProvider[]): OfferedProvider[] {
  const sortKey = ({ type, name, id }: OfferedProvider): string =>
    JSON.stringify([type, name]) + id;
  return providers.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

function toComparedProvider({ type, name, id, instance }: OfferedProvider): ComparedProvider {
  return { type, name, id, ...(instance && { instance }) };
}
