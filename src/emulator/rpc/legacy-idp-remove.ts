import { Code } from "@connectrpc/connect";
import type { IDP } from "../../../gen/zitadel/idp_pb.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { serverError } from "../errors/server-error.js";
import type { HistoryEvent } from "../store/history.js";
import { createChangeDetails } from "../store/object-details.js";
import { findLegacyIdp } from "./legacy-idp-reads.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/** Removes a legacy IDP of the instance. */
export function removeInstanceIdp(
  { idpId }: { idpId: string },
  context: RpcContext,
): ResponseFields {
  const { owner } = context;
  rejectNulInLookup("legacyIdpList", idpId);
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    throw serverError(Code.NotFound, "INSTANCE-4M0xy", "Errors.IDPConfig.NotExisting");
  }
  // The write side of the login policy keeps the link.
  return { details: createChangeDetails(owner, removeLegacyIdp(idp, context)) };
}

/** Removes a legacy IDP. RemoveOrgIDPResponse has no fields. */
export function removeOrgIdp({ idpId }: { idpId: string }, context: RpcContext): ResponseFields {
  const { owner, events } = context;
  findLegacyIdp(idpId, context);
  const idp = owner.legacy.get(idpId);
  if (idp === undefined) {
    throw serverError(Code.NotFound, "Org-Yx9vd", "Errors.Org.IDPConfig.NotExisting");
  }
  removeLegacyIdp(idp, context);
  // The server writes this event even if the login policy has no link.
  events.record("policy.login.idpprovider.cascade.removed", { idpConfigId: idpId });
  owner.loginPolicy?.links.delete(idpId);
  return {};
}

/** Removes a legacy IDP, its name, and the links of human users to it. */
function removeLegacyIdp(idp: IDP, { owner, state, events }: RpcContext): HistoryEvent {
  owner.legacy.delete(idp.id);
  owner.providers.delete(idp.id);
  owner.legacyNames.delete(idp.name.toLowerCase());
  for (const human of state.humans.values()) {
    const kept = human.links.filter(({ idpId }) => idpId !== idp.id);
    human.sequence += BigInt(human.links.length - kept.length);
    human.links.splice(0, human.links.length, ...kept);
  }
  return events.record("idp.config.removed", { idpConfigId: idp.id });
}
