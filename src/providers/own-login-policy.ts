import { advice } from "../zitadel/advice-phrases.js";
import { optionText } from "../utils/option-text.js";
import { Code } from "@connectrpc/connect";
import type { LoginPolicy } from "../services/idp.js";
import { isOutcomeUnknown, isZitadelError } from "../policy/errors/zitadel-error.js";
import { findUnknownBinaryFields } from "./model/unknown-content.js";
import type { Operation } from "./operation.js";
import type { OwnerApi, ProviderLink } from "./owner-api.js";
import type { PolicyLinks } from "./owner-reads.js";
import {
  createProblem,
  ProviderError,
  type ProviderProblem,
  throwIfAny,
} from "./provider-error.js";

/** A change of the login policy of an owner. */
interface PolicyChange {
  readonly api: OwnerApi;
  /** The subject of error messages, e.g. `activation of provider 7`. */
  readonly about: string;
  readonly operation: Operation;
  /** True if the change may create a login policy for an organization that has none of its own. */
  readonly createPolicy?: boolean | undefined;
}

/** The login policy of an owner. */
interface OwnPolicy {
  readonly policy: PolicyLinks;
  /** True if the change created the policy, with the changed links. `policy` then still has the old links. */
  readonly isCreated: boolean;
}

/**
 * Ensures that an organization has a login policy of its own. If it has none, creates one with the changed links, so that no other
 * write is needed. If another writer creates a policy at the same time, returns that policy, whose links the caller must change.
 */
export async function ensureOwnPolicy(
  change: PolicyChange,
  before: PolicyLinks,
  changeLinks: (links: readonly ProviderLink[]) => readonly ProviderLink[],
): Promise<OwnPolicy> {
  if (!before.isInherited) {
    return { policy: before, isCreated: false };
  }
  const { api, operation } = change;
  try {
    const policy = getCopyablePolicy(change, before);
    await api.createPolicy?.(policy, changeLinks(copyLinks(before)), operation.callOptions());
    return { policy: before, isCreated: true };
  } catch (error) {
    if (!isZitadelError(error, Code.AlreadyExists) && !isOutcomeUnknown(error)) {
      throw error;
    }
    // If this read fails too, throw the error of the creation, which is more useful.
    const policy = await api.readPolicyLinks(operation.callOptions()).catch(() => before);
    if (policy.isInherited) {
      throw error;
    }
    return { policy, isCreated: false };
  }
}

/** Creates a login policy for an organization that has none, with the same active providers as the default policy. */
export async function copyDefaultPolicy(api: OwnerApi, operation: Operation): Promise<void> {
  const before = await api.readPolicyLinks(operation.callOptions());
  const change = { api, about: "the login policy", operation, createPolicy: true };
  await ensureOwnPolicy(change, before, (links) => links);
}

/** Throws a `ProviderError` if the organization has no login policy of its own and the change may not create one. */
export async function checkPolicyChangeable(change: PolicyChange): Promise<void> {
  const before = await change.api.readPolicyLinks(change.operation.callOptions());
  if (before.isInherited) {
    getCopyablePolicy(change, before);
  }
}

/** Returns the login policy that an organization would copy. Throws if the copy is not allowed or would lose content. */
function getCopyablePolicy(
  { api, about, createPolicy: isAllowed = false }: PolicyChange,
  { policy }: PolicyLinks,
): LoginPolicy {
  if (!isAllowed || policy === undefined || api.createPolicy === undefined) {
    const message = optionText`the organization has no login policy of its own, but uses the instance's default for all organizations; ${advice.createPolicy} creates a copy for it, without later changes to the default`;
    throw new ProviderError({
      reason: "policy_inherited",
      about,
      problems: [createProblem([], message)],
    });
  }
  throwIfAny("unknown_content", about, findUnknownPolicyContent(policy));
  return policy;
}

/** Returns the content that a copy of a login policy would lose. */
export function findUnknownPolicyContent(policy: LoginPolicy): ProviderProblem[] {
  return findUnknownBinaryFields("", policy).map((path) => ({
    path: [],
    message: `the default login policy has ${path}, which this client does not know and a copy would lose`,
  }));
}

/** Returns the active providers of the default policy, which offers only providers of the instance. */
function copyLinks({ links }: PolicyLinks): ProviderLink[] {
  return links.map(({ idpId }) => ({ id: idpId, owner: "instance" }));
}
