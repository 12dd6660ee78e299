import { Code } from "@connectrpc/connect";
import type { LoginPolicy } from "../services/idp.js";
import { isZitadelError } from "../policy/errors/zitadel-error.js";
import { checkProviderId } from "./argument-rules.js";
import { type Operation, type OperationOptions, startOperation } from "./operation.js";
import { ensureOwnPolicy } from "./own-login-policy.js";
import type { OwnerApi } from "./owner-api.js";
import type { PolicyLinks } from "./owner-reads.js";
import { readVisibleProvider } from "./read-provider.js";

/** The options of `activate` and `deactivate`. */
export interface ActivationOptions extends OperationOptions {
  /**
   * Creates a login policy for an organization that has none of its own: a copy of the instance's default policy, with the same
   * active providers. From then on, changes to the default do not reach the organization. Default: false; for such an organization,
   * the call then fails with the reason `policy_inherited`.
   */
  readonly createPolicy?: boolean | undefined;
}

/** The result of `activate` and `deactivate`. */
export interface ActivationResult {
  /**
   * True if the call changed anything: the provider became active or inactive, or the organization got a login policy of its
   * own.
   */
  readonly changed: boolean;
  /** True if the organization got a login policy of its own. */
  readonly policyCreated: boolean;
  /** Reasons why users may still not see an active provider. */
  readonly warnings: readonly string[];
}

/** The providers that the login page offers. */
export interface ActiveProviders {
  /** The ids of the active providers. */
  readonly ids: readonly string[];
  /** True if the providers come from the instance's default policy, because the organization has no login policy of its own. */
  readonly isInherited: boolean;
}

/** Returns the ids of the providers in the login policy. */
export async function readActiveProviders(
  api: OwnerApi,
  options: OperationOptions = {},
): Promise<ActiveProviders> {
  const { links, isInherited } = await api.readPolicyLinks(startOperation(options).callOptions());
  return { ids: links.map(({ idpId }) => idpId), isInherited };
}

/**
 * Adds a provider to the login policy. `knownOwner` is the owner of the provider, which is read if left out. Pass the owner of a new
 * provider: an organization finds a provider of the instance only in lists, which lag behind writes.
 */
export async function activateProvider(
  api: OwnerApi,
  id: string,
  options: ActivationOptions = {},
  knownOwner?: "org" | "instance",
): Promise<ActivationResult> {
  checkProviderId(id);
  const operation = startOperation(options);
  const about = `activation of provider ${id}`;
  const before = await api.readPolicyLinks(operation.callOptions());
  const warnings = listPolicyWarnings(before.policy);
  if (isLinked(before, id)) {
    return { ...unchanged, warnings };
  }
  const owner = knownOwner ?? (await readVisibleProvider(api, id, operation)).owner;
  const change = { api, about, operation, ...options };
  const own = await ensureOwnPolicy(change, before, (links) => [...links, { id, owner }]);
  if (own.isCreated) {
    return { changed: true, policyCreated: true, warnings };
  }
  if (isLinked(own.policy, id)) {
    return { ...unchanged, warnings };
  }
  try {
    await api.link({ id, owner }, operation.callOptions());
  } catch (error) {
    if (!isZitadelError(error, Code.AlreadyExists)) {
      throw error;
    }
    return { ...unchanged, warnings };
  }
  return { changed: true, policyCreated: false, warnings };
}

/** Removes a provider from the login policy. */
export async function deactivateProvider(
  api: OwnerApi,
  id: string,
  options: ActivationOptions = {},
): Promise<ActivationResult> {
  checkProviderId(id);
  const operation = startOperation(options);
  const about = `deactivation of provider ${id}`;
  const before = await api.readPolicyLinks(operation.callOptions());
  if (!isLinked(before, id)) {
    return unchanged;
  }
  const change = { api, about, operation, ...options };
  const own = await ensureOwnPolicy(change, before, (links) =>
    links.filter((link) => link.id !== id),
  );
  if (own.isCreated) {
    return { changed: true, policyCreated: true, warnings: [] };
  }
  if (!isLinked(own.policy, id)) {
    return unchanged;
  }
  try {
    await api.unlink(id, operation.callOptions());
  } catch (error) {
    if (isZitadelError(error, Code.NotFound) && (await isUnlinked(api, id, operation))) {
      // Another writer removed the provider first.
      return unchanged;
    }
    throw error;
  }
  return { changed: true, policyCreated: false, warnings: [] };
}

const unchanged: ActivationResult = { changed: false, policyCreated: false, warnings: [] };

function isLinked({ links }: PolicyLinks, id: string): boolean {
  return links.some(({ idpId }) => idpId === id);
}

/** Returns true if the login policy certainly does not contain the provider. A failed read returns false. */
async function isUnlinked(api: OwnerApi, id: string, operation: Operation): Promise<boolean> {
  try {
    return !isLinked(await api.readPolicyLinks(operation.callOptions()), id);
  } catch {
    return false;
  }
}

function listPolicyWarnings(policy: LoginPolicy | undefined): string[] {
  return policy === undefined || policy.allowExternalIdp
    ? []
    : [
        "the login policy does not allow external providers (allowExternalIdp), so the login page shows none",
      ];
}
