import { Code } from "@connectrpc/connect";
import type { LoginPolicy } from "../idp.js";
import { isOutcomeUnknown, isZitadelError } from "../policy/zitadel-error.js";
import { unknownFields } from "./model/unknown.js";
import { begin, type Operation, type OperationOptions } from "./operation.js";
import type { Link, OwnerApi } from "./owner.js";
import type { PolicyLinks } from "./owner-reads.js";
import { ProviderError, type ProviderProblem } from "./provider-error.js";
import { checkId, readVisible } from "./read.js";
import { refuse } from "./writable.js";

/** The options of `activate` and `deactivate`. */
export interface ActivationOptions extends OperationOptions {
  /**
   * Lets an organization that has none get a login policy of its own: a copy of the instance's default, with what that offers. From
   * then on changes of the default do not reach the organization. Default: false, and then the call fails with reason
   * `policy_inherited`.
   */
  readonly createPolicy?: boolean | undefined;
}

/** What became of it. */
export interface ActivationResult {
  /** Whether the login page now offers the provider (or does not), and did not (or did) before. */
  readonly changed: boolean;
  /** Whether the organization got a login policy of its own. */
  readonly policyCreated: boolean;
  /** Why users may not see it all the same. */
  readonly warnings: readonly string[];
}

/** What the login page offers. */
export interface ActiveProviders {
  readonly ids: readonly string[];
  /** Whether that is the instance's default, because the organization has no login policy of its own. */
  readonly isInherited: boolean;
}

export async function activeProviders(
  api: OwnerApi,
  options: OperationOptions = {},
): Promise<ActiveProviders> {
  const { links, isInherited } = await api.policyLinks(begin(options).call());
  return { ids: links.map(({ idpId }) => idpId), isInherited };
}

/** Puts a provider into the login policy. */
export async function activate(
  api: OwnerApi,
  id: string,
  options: ActivationOptions = {},
): Promise<ActivationResult> {
  checkId(id);
  const operation = begin(options);
  const about = `activation of provider ${id}`;
  const before = await api.policyLinks(operation.call());
  const warnings = warningsOf(before.policy);
  if (isLinked(before, id)) {
    return { changed: false, policyCreated: false, warnings };
  }
  const { owner } = await readVisible(api, id, operation);
  const own = await ownPolicy(api, about, before, options, operation, (links) => [
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

/** Takes a provider out of the login policy. */
export async function deactivate(
  api: OwnerApi,
  id: string,
  options: ActivationOptions = {},
): Promise<ActivationResult> {
  checkId(id);
  const operation = begin(options);
  const about = `deactivation of provider ${id}`;
  const before = await api.policyLinks(operation.call());
  if (!isLinked(before, id)) {
    return { changed: false, policyCreated: false, warnings: [] };
  }
  const own = await ownPolicy(api, about, before, options, operation, (links) =>
    links.filter((link) => link.id !== id),
  );
  if (own.isCreated || !isLinked(own.policy, id)) {
    return { changed: own.isCreated, policyCreated: own.isCreated, warnings: [] };
  }
  try {
    await api.unlink(id, operation.call());
  } catch (error) {
    if (isZitadelError(error, Code.NotFound) && (await isUnlinked(api, id, operation))) {
      // Somebody else was faster.
      return { changed: false, policyCreated: false, warnings: [] };
    }
    throw error;
  }
  return { changed: true, policyCreated: false, warnings: [] };
}

/** Returns true if the login policy certainly does not have the provider. */
async function isUnlinked(api: OwnerApi, id: string, operation: Operation): Promise<boolean> {
  try {
    return !isLinked(await api.policyLinks(operation.call()), id);
  } catch {
    return false;
  }
}

/**
 * Makes sure that an organization has a login policy of its own. If it has none, this creates it with changed links: then nothing is
 * left to do. If somebody else creates one at the same time, that one is returned, and is still to be changed.
 */
async function ownPolicy(
  api: OwnerApi,
  about: string,
  before: PolicyLinks,
  options: ActivationOptions,
  operation: Operation,
  change: (links: Link[]) => Link[],
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
    // The error of the creation says more than that of this read.
    const policy = await api.policyLinks(operation.call()).catch(() => before);
    if (policy.isInherited) {
      throw error;
    }
    return { policy, isCreated: false };
  }
}

/** Rejects a change of the login policy that needs one of the organization's own, which it has not and must not get. */
export async function checkPolicyAllowed(
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

/** Returns the policy that an organization would copy. Rejects what must not or cannot be copied. */
function copyablePolicy(
  api: OwnerApi,
  about: string,
  { policy }: PolicyLinks,
  { createPolicy: isAllowed = false }: ActivationOptions,
): LoginPolicy {
  if (!isAllowed || policy === undefined || api.createPolicy === undefined) {
    const message =
      "the organization has no login policy of its own, and what the instance's default offers is the same for all: createPolicy: true gives it a copy, which later changes of the default do not reach";
    throw new ProviderError({
      reason: "policy_inherited",
      about,
      problems: [{ path: [], message }],
    });
  }
  refuse("unknown_content", about, unknownPolicyContent(policy));
  return policy;
}

/** Returns what a copy of a login policy would lose. */
export function unknownPolicyContent(policy: LoginPolicy): ProviderProblem[] {
  return unknownFields("", policy).map((path) => ({
    path: [],
    message: `the default login policy has ${path}, which this client does not know and a copy would lose`,
  }));
}

/** Gives an organization its own login policy: a copy of the policy in force, with other links. */
async function createPolicy(
  api: OwnerApi,
  about: string,
  before: PolicyLinks,
  options: ActivationOptions,
  operation: Operation,
  change: (links: Link[]) => Link[],
): Promise<void> {
  const policy = copyablePolicy(api, about, before, options);
  // The default offers what the instance owns, and nothing else.
  const copied = before.links.map(({ idpId }): Link => ({ id: idpId, owner: "instance" }));
  await api.createPolicy?.(policy, change(copied), operation.call());
}

/** Gives an organization that has none a login policy of its own, which offers what the default does. */
export async function copyPolicy(api: OwnerApi, operation: Operation): Promise<void> {
  const before = await api.policyLinks(operation.call());
  const allowed = { createPolicy: true };
  await ownPolicy(api, "the login policy", before, allowed, operation, (links) => links);
}

function isLinked({ links }: PolicyLinks, id: string): boolean {
  return links.some(({ idpId }) => idpId === id);
}

function warningsOf(policy: LoginPolicy | undefined): string[] {
  return policy === undefined || policy.allowExternalIdp
    ? []
    : [
        "the login policy does not allow signing in with providers (allowExternalIdp): the login page shows none",
      ];
}
