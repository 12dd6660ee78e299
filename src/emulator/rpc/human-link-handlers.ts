import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { IDPUserLinkSchema } from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { createServerError } from "../errors/server-error.js";
import { createChangeDetails } from "../store/object-details.js";
import { findVisibleProvider } from "../store/visible-owners.js";
import { createListPage } from "./create-list-page.js";
import { toLinkType } from "./login-policy-links.js";
import type { ResponseFields, RpcContext, RpcHandler } from "./rpc-handler.js";

/** The RPCs on the accounts that a human user has linked. The v1 API has no RPC that adds such a link. */
export const humanLinkHandlers: Readonly<Record<string, RpcHandler>> = {
  ListHumanLinkedIDPs: listHumanLinks,
  RemoveHumanLinkedIDP: removeHumanLink,
};

/** Lists the links of a human user. Links to deleted providers stay in the list, without a name. */
function listHumanLinks(
  { userId, query }: { userId: string; query?: ListQuery },
  { owner, state }: RpcContext,
): ResponseFields {
  rejectNulInLookup("humanLinkList", userId);
  const human = state.humans.get(userId);
  const links = human?.organization === owner.id ? human.links : [];
  const result = links.map(({ idpId, userId: providedUserId, userName: providedUserName }) => {
    const view = findVisibleProvider(idpId, owner, state)?.view;
    return create(IDPUserLinkSchema, {
      userId,
      idpId,
      idpName: view?.name ?? "",
      idpType: toLinkType(view?.type),
      providedUserId,
      providedUserName,
    });
  });
  return createListPage(result, query, state.clock.now(), "humanLinkList");
}

/** Removes a link. The event goes into the history of the human user. */
function removeHumanLink(
  { userId, idpId, linkedUserId }: { userId: string; idpId: string; linkedUserId: string },
  { owner, state }: RpcContext,
): ResponseFields {
  rejectNulInLookup("events", userId);
  const human = state.humans.get(userId);
  const index =
    human?.organization === owner.id
      ? human.links.findIndex((link) => link.idpId === idpId && link.userId === linkedUserId)
      : -1;
  if (human === undefined || index === -1) {
    throw createServerError(Code.NotFound, "COMMAND-1M9xR", "Errors.User.ExternalIDP.NotFound");
  }
  human.links.splice(index, 1);
  const event = { sequence: ++human.sequence, at: state.clock.now() };
  return { details: createChangeDetails(owner, event) };
}
