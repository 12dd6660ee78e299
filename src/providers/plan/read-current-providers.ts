import { collect } from "../../utils/collect.js";
import { convertSingleProvider } from "../convert-provider.js";
import { TextQueryMethod } from "../../services/idp.js";
import { listAllProviders, listProviders } from "../list-providers.js";
import type { IdentityProvider } from "../model/provider.js";
import { isLegacyType } from "../model/legacy-types.js";
import type { Operation } from "../operation.js";
import { findUnknownPolicyContent } from "../own-login-policy.js";
import { readRawIfExists, type OwnerReads } from "../owner-reads.js";
import type { ProviderProblem } from "../provider-error.js";
import { readHalfRemovedIdp } from "../read-half-removed-idp.js";
import { readMigratedIdp } from "../read-migrated-idp.js";
import { isAbsent, isInstanceEntry } from "./desired/desired-entry.js";
import type { DesiredProviders } from "./desired/desired-state.js";

/** The current providers of one owner. */
export interface CurrentProviders {
  readonly providers: readonly IdentityProvider[];
  /** The providers of the instance that an organization sees. Empty unless the desired state may name one of them. */
  readonly instanceProviders: readonly IdentityProvider[];
  /** The legacy IDPs that entries list as absent and that only the legacy API still has. */
  readonly halfRemovedIdps: readonly IdentityProvider[];
  /** The legacy sides of migrated providers that entries list as absent: their records in the legacy API, which DeleteProvider leaves. */
  readonly migratedIdps: readonly IdentityProvider[];
  /** The ids of the active providers. Undefined if the login policy was not read. */
  readonly active: ReadonlySet<string> | undefined;
  readonly hasInheritedPolicy: boolean;
  /** The content that a copy of the inherited policy would lose. */
  readonly policyProblems: readonly ProviderProblem[];
}

/**
 * Reads the current providers of an owner: one request for each page of providers, one for the legacy IDPs if necessary, and
 * one for the login policy if the desired state needs it.
 */
export async function readCurrentProviders(
  api: OwnerReads,
  desired: DesiredProviders,
  operation: Operation,
): Promise<CurrentProviders> {
  const providers = await listAllProviders(api, operation);
  const policy = needsLoginPolicy(desired)
    ? await api.readPolicyLinks(operation.callOptions())
    : undefined;
  return {
    providers,
    instanceProviders: [],
    halfRemovedIdps: [],
    migratedIdps: [],
    active: policy && new Set(policy.links.map(({ idpId }) => idpId)),
    hasInheritedPolicy: policy?.isInherited ?? false,
    policyProblems: policy?.policy === undefined ? [] : findUnknownPolicyContent(policy.policy),
  };
}

/** Returns true if the desired state sets `active` for any provider. */
function needsLoginPolicy({ providers }: DesiredProviders): boolean {
  return providers.some((entry) => !isAbsent(entry) && entry.active !== undefined);
}

/**
 * Adds the providers of the instance if an entry of an organization names one of them, or has the id of a provider that the
 * organization does not own and that may belong to the instance.
 */
export async function addInstanceProviders(
  current: CurrentProviders,
  { providers: entries }: DesiredProviders,
  api: OwnerReads,
  operation: Operation,
): Promise<CurrentProviders> {
  const ids = new Set(current.providers.map(({ id }) => id));
  const isNeeded =
    api.owner === "org" &&
    entries.some(
      (entry) => isInstanceEntry(entry) || (entry.id !== undefined && !ids.has(entry.id)),
    );
  return isNeeded
    ? {
        ...current,
        instanceProviders: await collect(listProviders(api, { owner: "instance" }, operation)),
      }
    : current;
}

/**
 * Adds the legacy IDPs that entries list as absent and that DeleteProvider has removed only in part. Lists of providers do not show
 * them, so this function reads one for each absent entry without a provider.
 */
export async function addHalfRemovedIdps(
  current: CurrentProviders,
  { providers: entries }: DesiredProviders,
  api: OwnerReads,
  operation: Operation,
): Promise<CurrentProviders> {
  const ids = new Set<string>();
  for (const { id, type, name = "" } of entries.filter(isAbsent)) {
    if (id !== undefined) {
      ids.add(id);
    } else if (isLegacyType(type)) {
      const query = { text: name, method: TextQueryMethod.EQUALS };
      const found = await api.listLegacyIdps(query, operation.callOptions());
      found.forEach((idp) => ids.add(idp.id));
    }
  }
  current.providers.forEach(({ id }) => ids.delete(id));
  const halfRemovedIdps: IdentityProvider[] = [];
  for (const id of ids) {
    const idp = await readHalfRemovedIdp(api, id, operation);
    halfRemovedIdps.push(...(idp === undefined ? [] : [idp]));
  }
  return { ...current, halfRemovedIdps };
}

/** Adds the legacy sides of those providers to delete that were legacy IDPs before a migration. */
export async function addMigratedIdps(
  current: CurrentProviders,
  toDelete: readonly IdentityProvider[],
  api: OwnerReads,
  operation: Operation,
): Promise<CurrentProviders> {
  const migratedIdps: IdentityProvider[] = [];
  for (const provider of toDelete) {
    const idp = await readMigratedIdp(api, provider, operation);
    migratedIdps.push(...(idp === undefined ? [] : [idp]));
  }
  return { ...current, migratedIdps };
}

/** Reads the providers with these ids one by one, which is always current, and replaces those from lists. */
export async function refreshProviders(
  current: CurrentProviders,
  ids: readonly string[],
  api: OwnerReads,
  operation: Operation,
): Promise<CurrentProviders> {
  const fresh = new Map<string, IdentityProvider | undefined>();
  for (const id of ids) {
    fresh.set(id, await readIfExists(api, id, operation));
  }
  return {
    ...current,
    providers: [
      ...current.providers.filter(({ id }) => !fresh.has(id)),
      ...[...fresh.values()].filter((provider) => provider !== undefined),
    ],
  };
}

/** Reads a provider. Always current. Returns undefined if there is none. */
export async function readIfExists(
  api: OwnerReads,
  id: string,
  operation: Operation,
): Promise<IdentityProvider | undefined> {
  const raw = await readRawIfExists(api, id, operation.callOptions());
  return raw && (await convertSingleProvider(api, raw, operation));
}
