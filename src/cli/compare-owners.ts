import type { FieldChange, IdentityProvider, Providers } from "../providers/index.js";
import type { FieldValues } from "../providers/model/field-specs.js";
import { compareFields } from "../providers/plan/compare-fields.js";

/** A provider with its `active` flag, which is true if the login page offers the provider. */
export type Offered = IdentityProvider & { readonly active: boolean };

/** The differences between the providers of two owners. */
export interface Difference {
  readonly onlyFrom: readonly Named[];
  readonly onlyTo: readonly Named[];
  readonly different: readonly (Omit<Named, "id"> & {
    readonly fromId: string;
    readonly toId: string;
    readonly changes: readonly FieldChange[];
  })[];
  /** The number of providers that are the same. */
  readonly same: number;
}

interface Named {
  readonly type: string;
  readonly name: string;
  readonly id: string;
}

/** Reads all providers of an owner. */
export async function readOwner(providers: Providers, signal: AbortSignal): Promise<Offered[]> {
  const { ids } = await providers.active({ signal });
  const found: Offered[] = [];
  for await (const provider of providers.list({}, { signal })) {
    found.push({ ...provider, active: ids.includes(provider.id) });
  }
  return found;
}

/**
 * Compares providers by type and name. Several providers may share both, so equal ones are paired first, and only the rest are
 * reported as different.
 */
export function compareOwners(from: readonly Offered[], to: readonly Offered[]): Difference {
  const onlyFrom: Offered[] = [];
  const different: Difference["different"][number][] = [];
  const rest = [...to];
  let same = 0;
  const take = (isMeant: (other: Offered) => boolean): Offered | undefined => {
    const index = rest.findIndex(isMeant);
    return index < 0 ? undefined : rest.splice(index, 1)[0];
  };
  const unlike = sorted(from).filter((each) => {
    const twin = take(
      (other) => keyOf(other) === keyOf(each) && changesOf(each, other).length === 0,
    );
    same += twin === undefined ? 0 : 1;
    return twin === undefined;
  });
  for (const each of unlike) {
    const other = take((candidate) => keyOf(candidate) === keyOf(each));
    if (other === undefined) {
      onlyFrom.push(each);
    } else {
      const { type, name } = each;
      const changes = changesOf(each, other);
      different.push({ type, name, fromId: each.id, toId: other.id, changes });
    }
  }
  return { onlyFrom: onlyFrom.map(named), onlyTo: sorted(rest).map(named), different, same };
}

function changesOf(from: Offered, to: Offered): FieldChange[] {
  return compareFields(settingsOf(from), settingsOf(to));
}

/** Returns the settings that can be compared: all but ids, owner, times and sequence. Unknown fields are compared by name. */
function settingsOf(provider: Offered): FieldValues {
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

function keyOf({ type, name }: Offered): string {
  return JSON.stringify([type, name]);
}

function sorted(providers: readonly Offered[]): Offered[] {
  return providers.toSorted((a, b) => (keyOf(a) + a.id < keyOf(b) + b.id ? -1 : 1));
}

function named({ type, name, id }: Offered): Named {
  return { type, name, id };
}
