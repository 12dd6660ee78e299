import type { LoginPolicy } from "../services/idp.js";
import type { IdentityProvider } from "../providers/model/provider.js";
import { listAllProviders, listProviders } from "../providers/list-providers.js";
import type { Operation } from "../providers/operation.js";
import { createOwnerReads, type OwnerReads } from "../providers/owner-reads.js";
import { collect } from "../utils/collect.js";
import type { DiagnoseClient } from "./diagnose-client.js";
import type { NamedOwner } from "./find-owners.js";

/** The providers and the login policy of one owner. */
export interface OwnerConfig extends NamedOwner {
  /** The providers that the owner owns. */
  readonly providers: readonly IdentityProvider[];
  /** The providers of the instance that an organization sees. Empty if its login page offers none of them, and for the instance. */
  readonly instanceProviders: readonly IdentityProvider[];
  readonly policy: LoginPolicy | undefined;
  /** The ids of the providers that the login page offers. An organization may offer providers of the instance. */
  readonly offered: ReadonlySet<string>;
  /** True if the organization uses the login policy of the instance. */
  readonly isInherited: boolean;
}

/** Reads the providers and the login policy of one owner. */
export async function readOwnerConfig(
  client: DiagnoseClient,
  named: NamedOwner,
  operation: Operation,
): Promise<OwnerConfig> {
  const { owner, orgId } = named.owner;
  const scoped = orgId === undefined ? client : client.withOrg(orgId);
  const reads = createOwnerReads(owner === "org" ? scoped.management : scoped.admin);
  const [providers, { links, policy, isInherited }] = await Promise.all([
    listAllProviders(reads, operation),
    readPolicy(scoped, reads, operation),
  ]);
  const offered = new Set(links.map(({ idpId }) => idpId));
  const own = new Set(providers.map(({ id }) => id));
  const isComplete = owner === "instance" || [...offered].every((id) => own.has(id));
  return {
    ...named,
    providers,
    instanceProviders: isComplete
      ? []
      : await collect(listProviders(reads, { owner: "instance" }, operation)),
    policy,
    isInherited,
    offered,
  };
}

async function readPolicy(
  { admin }: Pick<DiagnoseClient, "admin">,
  reads: OwnerReads,
  operation: Operation,
): ReturnType<OwnerReads["readPolicyLinks"]> {
  if (reads.owner === "org") {
    return await reads.readPolicyLinks(operation.callOptions());
  }
  const [links, { policy }] = await Promise.all([
    reads.readPolicyLinks(operation.callOptions()),
    admin.getLoginPolicy({}, operation.callOptions()),
  ]);
  return { ...links, ...(policy && { policy }) };
}
