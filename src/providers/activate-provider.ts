import { Code } from "@connectrpc/connect";
import type { LoginPolicy } from "../idp.js";
import { isOutcomeUnknown, isZitadelError } from "../policy/errors/zitadel-error.js";
import { findUnknownFields } from "./model/unknown-content.js";
import { startOperation, type Operation, type OperationOptions } from "./operation.js";
import type { ProviderLink, OwnerApi } from "./owner-api.js";
import type { PolicyLinks } from "./owner-reads.js";
import { ProviderError, type ProviderProblem } from "./provider-error.js";
import { checkProviderId, readVisibleProvider } from "./read-provider.js";
import { throwIfAny } from "./read-for-write.js";

/** The options of `activate` and `deactivate`. */
export interface ActivationOptions extends OperationOptions {
  /**
   * Creates a login policy for an organization that has none of its own: a copy of the instance's default policy, with the same
   * active providers. From then on, changes of the default do not reach the organization. Default: false; the call then fails
   * with the reason `policy_inherited`.
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
  readonly ids: readonly string[];
  /** True if the providers come from the instance's default policy, because the organization has no login policy of its own. */
  readonly isInherited: boolean;
}

/** Returns the ids of the providers in the login policy. */
export async function readActiveProviders(
  api: OwnerApi,
  options: OperationOptions = {},
): Promise<ActiveProviders> {
  const { links, isInherited } = await api.policyLinks(startOperation(options).call());
  return { ids: links.map(({ idpId }) => idpId), isInherited };
}

/** Adds a provider to the login policy. */
export async function activateProvider(
  api: OwnerApi,
  id: string,
  options: ActivationOptions = {},
): Promise<ActivationResult> {
  checkProviderId(id);
  const operation = startOperation(options);
  const about = `activation of provider ${id}`;
  const before = await api.policyLinks(operation.call());
  const warnings = policyWarnings(before.policy);
  if (isLinked(before, id)) {
    return { changed: false, policyCreated: false, warnings };
  }
  const { owner } = await readVisibleProvider(api, id, operation);
  const own = await ensureOwnPolicy(api, about, before, options, operation, (links) => [
    ...links,
    { id, owner },
  ]);
  if (own.isCreated || isLinked(own.policy, id)) {
    return { changed: own.isCreated, policyCreated: own.isCreated, warnings };
  }
  try {
    await api.link({ id, owner }, operation.call());
  } catch (error) {
    if (!isZitadelError(error, Code.AlreadyExists)) {
      throw error;
    }
    return { changed: false, policyCreated: false, warnings };
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
  const before = await api.policyLinks(operation.call());
  if (!isLinked(before, id)) {
    return { changed: false, policyCreated: false, warnings: [] };
  }
  const own = await ensureOwnPolicy(api, about, before, options, operation, (links) =>
    links.filter((link) => link.id !== id),
  );
  if (own.isCreated || !isLinked(own.policy, id)) {
    return { changed: own.isCreated, policyCreated: own.isCreated, warnings: [] };
  }
  try {
    await api.unlink(id, operation.call());
  } catch (error) {
    if (isZitadelError(error, Code.NotFound) && (await isUnlinked(api, id, operation))) {
      // Another writer removed it first.
      return { changed: false, policyCreated: false, warnings: [] };
    }
    throw error;
  }
  return { changed: true, policyCreated: false, warnings: [] };
}

/** Returns true if the login policy certainly does not contain the provider. A failed read returns false. */
async function isUnlinked(api: OwnerApi, id: string, operation: Operation): Promise<boolean> {
  try {
    return !isLinked(await api.policyLinks(operation.call()), id);
  } catch {
    return false;
  }
}

/**
 * Ensures that an organization has a login policy of its own. If it has none, creates one with the changed links; then no other
 * write is needed. If another writer creates a policy at the same time, returns that policy, which the caller must still
 * change.
 */
async function ensureOwnPolicy(
  api: OwnerApi,
  about: string,
  before: PolicyLinks,
  options: ActivationOptions,
  operation: Operation,
  change: (links: ProviderLink[]) => ProviderLink[],
): Promise<{ readonly policy: PolicyLinks; readonly isCreated: boolean }> {
  if (!before.isInherited) {
    return { policy: before, isCreated: false };
  }
  try {
    await createPolicy(api, about, before, options, operation, change);
    return { policy: before, isCreated: true };
  } catch (error) {
    if (!isZitadelError(error, Code.AlreadyExists) && !isOutcomeUnknown(error)) {
      throw error;
    }
    // If this read fails too, throw the error of the creation: it is more useful.
    const policy = await api.policyLinks(operation.call()).catch(() => before);
    if (policy.isInherited) {
      throw error;
    }
    return { policy, isCreated: false };
  }
}

/** Rejects a change of the login policy if the organization has no policy of its own and may not create one. */
export async function checkPolicyChangeable(
  api: OwnerApi,
  about: string,
  options: ActivationOptions,
  operation: Operation,
): Promise<void> {
  const before = await api.policyLinks(operation.call());
  if (before.isInherited) {
    copyablePolicy(api, about, before, options);
  }
}

/** Returns the login policy that an organization would copy. Rejects the copy if it is not allowed or would lose content. */
function copyablePolicy(
  api: OwnerApi,
  about: string,
  { policy }: PolicyLinks,
  { createPolicy: isAllowed = false }: ActivationOptions,
): LoginPolicy {
  if (!isAllowed || policy === undefined || api.createPolicy === undefined) {
    const message =
      "the organization has no login policy of its own, but uses the instance's default for all organizations; createPolicy: true creates a copy for it, which later changes of the default do not reach";
    throw new ProviderError({
      reason: "policy_inherited",
      about,
      problems: [{ path: [], message }],
    });
  }
  throwIfAny("unknown_content", about, findUnknownPolicyContent(policy));
  return policy;
}

/** Returns the content that a copy of a login policy would lose. */
export function findUnknownPolicyContent(policy: LoginPolicy): ProviderProblem[] {
  return findUnknownFields("", policy).map((path) => ({
    path: [],
    message: `the default login policy has ${path}, which this client does not know and a copy would lose`,
  }));
}

/** Creates a login policy for an organization: a copy of the policy in force, with other links. */
async function createPolicy(
  api: OwnerApi,
  about: string,
  before: PolicyLinks,
  options: ActivationOptions,
  operation: Operation,
  change: (links: ProviderLink[]) => ProviderLink[],
): Promise<void> {
  const policy = copyablePolicy(api, about, before, options);
  // The default policy offers only providers of the instance.
  const copied = before.links.map(({ idpId }): ProviderLink => ({ id: idpId, owner: "instance" }));
  await api.createPolicy?.(policy, change(copied), operation.call());
}

/** Creates a login policy for an organization that has none, with the same active providers as the default policy. */
export async function copyDefaultPolicy(api: OwnerApi, operation: Operation): Promise<void> {
  const before = await api.policyLinks(operation.call());
  const allowed = { createPolicy: true };
  await ensureOwnPolicy(api, "the login policy", before, allowed, operation, (links) => links);
}

function isLinked({ links }: PolicyLinks, id: string): boolean {
  return links.some(({ idpId }) => idpId === id);
}

function policyWarnings(policy: LoginPolicy | undefined): string[] {
  return policy === undefined || policy.allowExternalIdp
    ? []
    : [
        "the login policy does not allow external providers (allowExternalIdp), so the login page shows none",
      ];
}
