import { Code } from "@connectrpc/connect";
import { type IDP, ProviderType } from "../../../gen/zitadel/idp_pb.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { createServerError } from "../errors/server-error.js";
import type { HistoryEvent } from "../store/record-events.js";
import { createChangeDetails } from "../store/object-details.js";
import { findLegacyIdp } from "./legacy-idp-reads.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/**
 * Removes a legacy IDP of the instance. The write side of the login policy keeps the link.
 *
 * The server removes each link of a human user twice, because it also treats the instance as an organization here.
 */
export function removeInstanceIdp(
  { idpId }: { idpId: string },
  context: RpcContext,
): ResponseFields {
  const { owner } = context;
  rejectNulInLookup("legacyIdpList", idpId);
  const idp = owner.legacy.get(idpId)?.view;
  if (idp === undefined) {
    throw createServerError(Code.NotFound, "INSTANCE-4M0xy", "Errors.IDPConfig.NotExisting");
  }
  return { details: createChangeDetails(owner, removeLegacyIdp(idp, 2n, context)) };
}

/** Removes a legacy IDP of an organization, and its link in the login policy. RemoveOrgIDPResponse has no fields. */
export function removeOrgIdp({ idpId }: { idpId: string }, context: RpcContext): ResponseFields {
  const { owner } = context;
  findLegacyIdp(idpId, context);
  const idp = owner.legacy.get(idpId)?.view;
  if (idp === undefined) {
    throw createServerError(Code.NotFound, "Org-Yx9vd", "Errors.Org.IDPConfig.NotExisting");
  }
  removeLegacyIdp(idp, 1n, context);
  owner.loginPolicy?.links.delete(idpId);
  return {};
}

/**
 * Removes a legacy IDP, its name, and the links of human users to it. Returns the first of two events. The second event removes the
 * link of the login policy; the server writes it even if there is no link.
 *
 * On the instance, the server writes the second event only if its lists already show the IDP. The emulator has no such lag here.
 */
function removeLegacyIdp(
  idp: IDP,
  eventsPerLink: bigint,
  { owner, state, events }: RpcContext,
): HistoryEvent {
  owner.legacy.delete(idp.id);
  owner.providers.delete(idp.id);
  owner.removedProviders.add(idp.id);
  // The write model of a type after a migration does not know this removal, so updates of the type still find the IDP.
  owner.writeModels.get(idp.id)?.delete(ProviderType.OIDC);
  owner.writeModels.get(idp.id)?.delete(ProviderType.JWT);
  owner.legacyNames.delete(idp.name.toLowerCase());
  for (const human of state.humans.values()) {
    const kept = human.links.filter(({ idpId }) => idpId !== idp.id);
    human.sequence += eventsPerLink * BigInt(human.links.length - kept.length);
    human.links.splice(0, human.links.length, ...kept);
  }
  const [removed] = events.recordAll([
    ["idp.config.removed", { idpConfigId: idp.id }],
    ["policy.login.idpprovider.cascade.removed", { idpConfigId: idp.id }],
  ]);
  return removed;
}
