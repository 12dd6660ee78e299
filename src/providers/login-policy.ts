import { Code } from "@connectrpc/connect";
import type { LoginPolicy } from "../idp.js";
import { isZitadelError } from "../policy/zitadel-error.js";
import { unknownFields } from "./model/unknown.js";
import { begin, type Operation, type OperationOptions } from "./operation.js";
import type { Link, OwnerApi } from "./owner.js";
import type { PolicyLinks } from "./owner-reads.js";
import { checkId, readVisible } from "./read.js";
import { refuse } from "./writable.js";

/** What `activate` and `deactivate` take. */
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
  const before = await api.policyLinks(operation.call());
  const warnings = warningsOf(before.policy);
  if (isLinked(before, id)) {
    return { changed: false, policyCreated: false, warnings };
  }
  const { owner } = await readVisible(api, id, operation);
  if (before.isInherited) {
    await createPolicy(api, `activation of provider ${id}`, before, options, operation, (links) => [
      ...links,
      { id, owner },
    ]);
    return { changed: true, policyCreated: true, warnings };
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
  const before = await api.policyLinks(operation.call());
  if (!isLinked(before, id)) {
    return { changed: false, policyCreated: false, warnings: [] };
  }
  if (before.isInherited) {
    await createPolicy(api, `deactivation of provider ${id}`, before, options, operation, (links) =>
      links.filter((link) => link.id !== id),
    );
    return { changed: true, policyCreated: true, warnings: [] };
  }
  try {
    await api.unlink(id, operation.call());
  } catch (error) {
    // Somebody else was faster.
    if (
      isZitadelError(error, Code.NotFound) &&
      !isLinked(await api.policyLinks(operation.call()), id)
    ) {
      return { changed: false, policyCreated: false, warnings: [] };
    }
    throw error;
  }
  return { changed: true, policyCreated: false, warnings: [] };
}

/** Gives an organization its own login policy: a copy of what is in force, with other links. */
async function createPolicy(
  api: OwnerApi,
  about: string,
  { policy, links }: PolicyLinks,
  { createPolicy: isAllowed = false }: ActivationOptions,
  operation: Operation,
  change: (links: Link[]) => Link[],
): Promise<void> {
  if (!isAllowed || policy === undefined || api.createPolicy === undefined) {
    const message =
      "the organization has no login policy of its own, and what the instance's default offers is the same for all: createPolicy: true gives it a copy, which later changes of the default do not reach";
    return refuse("policy_inherited", about, [{ path: [], message }]);
  }
  refuse(
    "unknown_content",
    about,
    unknownFields("", policy).map((path) => ({
      path: [],
      message: `the default login policy has ${path}, which this client does not know and a copy would lose`,
    })),
  );
  // The default offers what the instance owns, and nothing else.
  const copied = links.map(({ idpId }): Link => ({ id: idpId, owner: "instance" }));
  await api.createPolicy(policy, change(copied), operation.call());
}

/** Gives an organization that has none a login policy of its own, which offers what the default does. */
export async function copyPolicy(api: OwnerApi, operation: Operation): Promise<void> {
  const before = await api.policyLinks(operation.call());
  if (before.isInherited) {
    const allowed = { createPolicy: true };
    await createPolicy(api, "the login policy", before, allowed, operation, (links) => links);
  }
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
