import type { DesiredState, SecretField } from "../../providers/index.js";
import { isDesiredProvider, splitEntry } from "../../providers/plan/desired/desired-entry.js";
import { toDesiredOwners } from "../../providers/plan/desired/desired-state.js";
import type { SecretDates } from "../../providers/plan/desired/secret-dates.js";
import { isSameOwner, type Owner } from "../../providers/plan/owner.js";
import type { ApplyState, KnownProvider } from "../../providers/plan/state/apply-state.js";
import { parseIsoDate } from "../../utils/parse-iso-date.js";
import type { FoundDate } from "./expiration.js";
import type { OwnedProvider } from "./index-providers.js";
import type { OwnerProviders } from "./read-owners.js";
import { toExpiringProvider } from "./to-expiring-provider.js";

/** The sources of dates of secrets, and the providers that may have these secrets. */
interface SecretDateSources {
  /** The only owner whose dates are listed. */
  readonly owner: Owner | undefined;
  readonly desired: DesiredState | undefined;
  readonly state: ApplyState;
  readonly owners: readonly OwnerProviders[];
  /** The providers of all owners by their ids. */
  readonly byId: ReadonlyMap<string, OwnedProvider>;
}

/** The dates of the secrets of one provider. */
interface DatedProvider extends Pick<FoundDate, "owner" | "ownerName" | "provider"> {
  readonly dates: SecretDates | undefined;
}

/**
 * Lists the dates of secrets in the desired state and in the state. For a provider in both, the dates of the desired state count. Leaves
 * out records of the state whose provider has been deleted, if the owner could be read.
 */
export function listSecretDates(sources: SecretDateSources): FoundDate[] {
  const { owner, state } = sources;
  const listed = listEntries(sources);
  const listedIds = new Set(listed.map(({ provider }) => provider.id));
  const recorded = Object.entries(state.providers)
    .filter(([id, record]) => !listedIds.has(id) && !isDeleted(id, record, sources))
    .flatMap(([id, record]) => toDatedProviders(id, record))
    .map((each) => addOwner(each, sources));
  return [...listed, ...recorded]
    .filter((each) => owner === undefined || isSameOwner(each.owner, owner))
    .flatMap(toFoundDates);
}

/** Lists the entries of the desired state, with the ids of their providers. */
function listEntries(sources: SecretDateSources): DatedProvider[] {
  const { desired = {}, state, owners } = sources;
  return toDesiredOwners(desired).flatMap(({ owner, desired: { providers } }) =>
    providers.filter(isDesiredProvider).map((entry) => {
      const { id: entryId, settings, name, secretDates } = splitEntry(entry);
      const { type } = settings;
      const isEntry = (each: { readonly type?: unknown; readonly name?: unknown }): boolean =>
        each.type === type && each.name === name;
      const id =
        entryId ??
        owners.find((each) => isSameOwner(each.owner, owner))?.providers.find(isEntry)?.id ??
        Object.entries(state.providers).find(
          ([, record]) => isSameOwner(record.owner, owner) && isEntry(record),
        )?.[0];
      const provider = { type, name, ...(id !== undefined && { id }) };
      return addOwner({ owner, provider, dates: secretDates }, sources);
    }),
  );
}

/** Returns true if the owner of a record could be read, and has no such provider. */
function isDeleted(
  id: string,
  { owner }: KnownProvider,
  { owners, byId }: SecretDateSources,
): boolean {
  const isOwn = owner.owner === "org" && owner.orgId === undefined;
  const isRead = owners.some(
    (each) => isSameOwner(each.owner, owner) || (isOwn && each.owner.owner === "org"),
  );
  return isRead && !byId.has(id);
}

/** Converts a record into a list with its dated provider. Records of older states have neither a type nor dates. */
function toDatedProviders(
  id: string,
  { owner, type, name = "", secretDates }: KnownProvider,
): DatedProvider[] {
  return type === undefined ? [] : [{ owner, provider: { type, name, id }, dates: secretDates }];
}

/** Replaces the owner and name of a dated provider with those that it has in ZITADEL now. */
function addOwner(dated: DatedProvider, { byId }: SecretDateSources): DatedProvider {
  const found = byId.get(dated.provider.id ?? "");
  return found === undefined ? dated : { ...dated, ...toExpiringProvider(found) };
}

const secretFields: Readonly<Record<SecretField, FoundDate["kind"]>> = {
  clientSecret: "secret",
  bindPassword: "secret",
  privateKey: "key",
};

function toFoundDates({ dates = {}, ...about }: DatedProvider): FoundDate[] {
  return Object.entries(secretFields).flatMap(([field, kind]) => {
    const time = parseIsoDate(dates[field as SecretField] ?? "");
    return time === undefined ? [] : [{ ...about, time, kind, field }];
  });
}
