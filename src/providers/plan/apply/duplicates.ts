import { listAllProviders, listProviders } from "../../list-providers.js";
import type { IdentityProvider, ProviderType } from "../../model/provider.js";
import type { Operation } from "../../operation.js";
import type { OwnerReads } from "../../owner-reads.js";
import { ProviderError } from "../../provider-error.js";
import { describeProvider, formatIdWithDate } from "../labels.js";
import type { Owner } from "../owner.js";
import { readIfExists } from "../read-current-providers.js";

/** Providers of the same type and name that another writer added while `apply` ran. */
export interface Duplicate {
  /** The owner of the providers. */
  readonly owner: Owner;
  /** The type that the providers share. */
  readonly type: ProviderType;
  /** The name that the providers share. */
  readonly name: string;
  /** The id of the provider that this `apply` added. Absent if it found the others before its add, and added none. */
  readonly id?: string | undefined;
  /** The providers that the other writer added. */
  readonly others: readonly { readonly id: string; readonly createdAt?: Date | undefined }[];
}

/** A provider by its type and name. */
interface TypeAndName {
  readonly type: ProviderType;
  readonly name: string;
}

/**
 * Reads the providers of a type and name that were added since the plan was checked. `known` contains the ids of the providers that
 * existed then.
 */
export async function findAddedMeanwhile(
  api: OwnerReads,
  { type, name }: TypeAndName,
  known: ReadonlySet<string>,
  operation: Operation,
): Promise<IdentityProvider[]> {
  // The server finds nothing by an empty name.
  const filter = name === "" ? { type } : { type, name };
  const sameNamed: IdentityProvider[] = [];
  for await (const provider of listProviders(api, filter, operation)) {
    if (provider.name === name && !known.has(provider.id)) {
      sameNamed.push(provider);
    }
  }
  return await keepExisting(api, sameNamed, operation);
}

/** The providers that `apply` has added for one owner. */
interface AddedProviders {
  readonly owner: Owner;
  readonly added: readonly (TypeAndName & { readonly id: string })[];
  /** The ids of the providers that existed when the plan was checked. */
  readonly known: ReadonlySet<string>;
}

/** The time that lists may lag behind an add: many times the worst measurement (116 ms). */
const maxAddLagMs = 2000;
const pollMs = 50;

/**
 * Finds duplicates of the providers that `apply` has added. First waits until lists show these providers: lists show writes in their
 * order, so they then show each duplicate that was added earlier. Of two runs, the one with the later add therefore finds the duplicate.
 */
export async function findDuplicates(
  api: OwnerReads,
  { owner, added, known }: AddedProviders,
  operation: Operation,
): Promise<Duplicate[]> {
  const own = new Set(added.map(({ id }) => id));
  const end = performance.now() + maxAddLagMs;
  let all = await listAllProviders(api, operation);
  while (!areListed(own, all) && performance.now() < end && operation.remainingMs() > 0) {
    await operation.pause(pollMs);
    all = await listAllProviders(api, operation);
  }
  const duplicates: Duplicate[] = [];
  for (const { type, name, id } of added) {
    const sameNamed = all.filter(
      (each) =>
        each.type === type && each.name === name && !own.has(each.id) && !known.has(each.id),
    );
    const others = await keepExisting(api, sameNamed, operation);
    if (others.length > 0) {
      duplicates.push({ owner, type, name, id, others: others.map(toDuplicateRef) });
    }
  }
  return duplicates;
}

/** Creates the error of an add that was not sent because another writer has added the provider. */
export function createDuplicateError({ type, name, others }: Duplicate): ProviderError {
  const message = `another writer has added it since the plan was checked: ${others.map(formatIdWithDate).join(", ")}. Nothing was added. To use that provider, make a new plan. Otherwise give the entry another name, or delete that provider`;
  return new ProviderError({
    reason: "duplicate",
    about: describeProvider(type, name),
    problems: [{ path: [], message }],
  });
}

/** Returns the id and creation date of a provider. */
export function toDuplicateRef({ id, createdAt }: IdentityProvider): Duplicate["others"][number] {
  return { id, ...(createdAt && { createdAt }) };
}

function areListed(ids: ReadonlySet<string>, all: readonly IdentityProvider[]): boolean {
  const shown = new Set(all.map(({ id }) => id));
  return [...ids].every((id) => shown.has(id));
}

/** Removes providers that have been deleted: lists lag behind deletions too. */
async function keepExisting(
  api: OwnerReads,
  providers: readonly IdentityProvider[],
  operation: Operation,
): Promise<IdentityProvider[]> {
  const found: IdentityProvider[] = [];
  for (const provider of providers) {
    if ((await readIfExists(api, provider.id, operation)) !== undefined) {
      found.push(provider);
    }
  }
  return found;
}
