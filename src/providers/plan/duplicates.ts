import { listProviders } from "../list.js";
import type { IdentityProvider, ProviderType } from "../model/provider.js";
import type { Operation } from "../operation.js";
import type { OwnerReads } from "../owner-reads.js";
import { ProviderError } from "../provider-error.js";
import { label, type Owner } from "./desired.js";
import { readOrNothing } from "./plan-from-reads.js";
import { dated } from "./several.js";

/** Providers of the same type and name, made by somebody else while `apply` was at work. */
export interface Duplicate {
  readonly owner: Owner;
  readonly type: ProviderType;
  readonly name: string;
  /** The id of the provider that this `apply` made. Absent if it saw the others in time and made none. */
  readonly id?: string;
  readonly others: readonly { readonly id: string; readonly createdAt?: Date }[];
}

/** A provider by its type and name. */
interface Named {
  readonly type: ProviderType;
  readonly name: string;
}

/** Reads the providers of a type and name that were made since the plan was checked, which saw those in `known`. */
export async function findTwins(
  api: OwnerReads,
  { type, name }: Named,
  known: ReadonlySet<string>,
  operation: Operation,
): Promise<IdentityProvider[]> {
  // The server finds nothing by an empty name.
  const filter = name === "" ? { type } : { type, name };
  const twins: IdentityProvider[] = [];
  for await (const provider of listProviders(api, filter, operation)) {
    if (provider.name === name && !known.has(provider.id)) {
      twins.push(provider);
    }
  }
  return await existing(api, twins, operation);
}

/** How long lists may trail an add: many times the worst that was measured (116 ms). */
const trailingMs = 2000;
const pollMs = 50;

/**
 * Finds twins of providers that `apply` has made. Waits until lists show what it made: the server takes up writes in their order, so
 * a twin that was made earlier shows by then. Of two runs, the one whose add came last thus finds the other's.
 */
export async function findDuplicates(
  api: OwnerReads,
  owner: Owner,
  made: readonly (Named & { readonly id: string })[],
  known: ReadonlySet<string>,
  operation: Operation,
): Promise<Duplicate[]> {
  const own = new Set(made.map(({ id }) => id));
  const end = performance.now() + trailingMs;
  let all = await readAll(api, operation);
  while (!isShown(own, all) && performance.now() < end && operation.remainingMs() > 0) {
    await operation.pause(pollMs);
    all = await readAll(api, operation);
  }
  const duplicates: Duplicate[] = [];
  for (const { type, name, id } of made) {
    const twins = all.filter(
      (each) =>
        each.type === type && each.name === name && !own.has(each.id) && !known.has(each.id),
    );
    const others = await existing(api, twins, operation);
    if (others.length > 0) {
      duplicates.push({ owner, type, name, id, others: others.map(toOther) });
    }
  }
  return duplicates;
}

/** Builds the error of an add that was not sent, because somebody else has made the provider. */
export function madeMeanwhile({ type, name, others }: Duplicate): ProviderError {
  const message = `somebody else has made it since the plan was checked: ${others.map(dated).join(", ")}. Nothing was added. Make a new plan, which takes that one over; or give this one another name, or delete the other`;
  return new ProviderError({
    reason: "duplicate",
    about: label(type, name),
    problems: [{ path: [], message }],
  });
}

export function toOther({ id, createdAt }: IdentityProvider): Duplicate["others"][number] {
  return { id, ...(createdAt && { createdAt }) };
}

async function readAll(api: OwnerReads, operation: Operation): Promise<IdentityProvider[]> {
  const all: IdentityProvider[] = [];
  for await (const provider of listProviders(api, {}, operation)) {
    all.push(provider);
  }
  return all;
}

function isShown(ids: ReadonlySet<string>, all: readonly IdentityProvider[]): boolean {
  const shown = new Set(all.map(({ id }) => id));
  return [...ids].every((id) => shown.has(id));
}

/** Leaves out what was deleted meanwhile: lists trail deletions too. */
async function existing(
  api: OwnerReads,
  providers: readonly IdentityProvider[],
  operation: Operation,
): Promise<IdentityProvider[]> {
  const found: IdentityProvider[] = [];
  for (const provider of providers) {
    if ((await readOrNothing(api, provider.id, operation)) !== undefined) {
      found.push(provider);
    }
  }
  return found;
}
