import { listAllProviders } from "../list-providers.js";
import type { IdentityProvider } from "../model/provider.js";
import { toIdentityProvider } from "../model/to-identity-provider.js";
import type { Operation } from "../operation.js";
import { findUnknownPolicyContent } from "../own-login-policy.js";
import { getIfExists, type OwnerReads } from "../owner-reads.js";
import type { ProviderProblem } from "../provider-error.js";
import { isAbsent } from "./desired/desired-entry.js";
import type { DesiredProviders } from "./desired/desired-state.js";

/** The current providers of one owner. */
export interface CurrentProviders {
  readonly providers: readonly IdentityProvider[];
  /** The ids of the active providers. Undefined if the login policy was not read. */
  readonly active: ReadonlySet<string> | undefined;
  readonly hasInheritedPolicy: boolean;
  /** The content that a copy of the policy would lose. */
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
    active: policy && new Set(policy.links.map(({ idpId }) => idpId)),
    hasInheritedPolicy: policy?.isInherited ?? false,
    policyProblems: policy?.policy === undefined ? [] : findUnknownPolicyContent(policy.policy),
  };
}

/** Returns true if the desired state sets `active` for any provider. */
function needsLoginPolicy({ providers }: DesiredProviders): boolean {
  return providers.some((entry) => !isAbsent(entry) && entry.active !== undefined);
}

/** Replaces providers from lists by reads, which are always current. */
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
  const raw = await getIfExists(api, id, operation.callOptions());
  return raw && toIdentityProvider(raw.provider, raw.notDecoded);
}
