import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  type IDPLoginPolicyLink,
  IDPLoginPolicyLinkSchema,
  IDPOwnerType,
  IDPType,
  ProviderType,
} from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { pickErrorId } from "../errors/error-ids.js";
import { createOwnerError } from "../errors/owner-error.js";
import { createServerError } from "../errors/server-error.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { OwnerEvent } from "../store/event-recorder.js";
import { createAddDetails, createChangeDetails } from "../store/object-details.js";
import type { StoredOwner } from "../store/stored-owner.js";
import type { StoredLoginPolicy } from "../store/stored-provider.js";
import { findVisibleProvider } from "../store/visible-owners.js";
import { createListPage } from "./create-list-page.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/** Returns the login policy that applies to an owner: the organization's own, otherwise the default. */
export function findEffectivePolicy(owner: StoredOwner, state: EmulatorState): StoredLoginPolicy {
  const policy = owner.loginPolicy ?? state.instance.loginPolicy;
  if (policy === undefined) {
    throw createServerError(Code.NotFound, "QUERY-yPqIZ", "Errors.LoginPolicy.NotFound");
  }
  return policy;
}

/** Returns the links that reads show. They omit links to deleted providers, which the write side keeps. */
export function toPolicyLinks(
  { links }: StoredLoginPolicy,
  owner: StoredOwner,
  state: EmulatorState,
): IDPLoginPolicyLink[] {
  return [...links].flatMap((idpId) => {
    const view = findVisibleProvider(idpId, owner, state)?.view;
    if (view === undefined) {
      return [];
    }
    const { name: idpName, type } = view;
    return [create(IDPLoginPolicyLinkSchema, { idpId, idpName, idpType: toLinkType(type) })];
  });
}

/** Returns the type of a link, which can only be OIDC, JWT or unspecified. */
export function toLinkType(type: ProviderType | undefined): IDPType {
  switch (type) {
    case ProviderType.OIDC:
      return IDPType.IDP_TYPE_OIDC;
    case ProviderType.JWT:
      return IDPType.IDP_TYPE_JWT;
    default:
      return IDPType.IDP_TYPE_UNSPECIFIED;
  }
}

/** Lists the links of the login policy that applies to an owner. */
export function listPolicyLinks(
  { query }: { query?: ListQuery },
  { owner, state }: RpcContext,
): ResponseFields {
  return createListPage(
    toPolicyLinks(findEffectivePolicy(owner, state), owner, state),
    query,
    state.clock.now(),
    "policyLinkList",
  );
}

/** Links a provider to the login policy of an owner. */
export function addPolicyLink(
  request: { idpId: string; ownerType?: IDPOwnerType },
  { owner, state, events }: RpcContext,
): ResponseFields {
  const { idpId, ownerType = IDPOwnerType.IDP_OWNER_TYPE_SYSTEM } = request;
  const policy = owner.loginPolicy;
  if (policy === undefined) {
    throw createOwnerError(
      owner,
      Code.NotFound,
      ["INSTANCE-GVDfe", "Org-Ffgw2"],
      "LoginPolicy.NotFound",
    );
  }
  const holder = ownerType === IDPOwnerType.IDP_OWNER_TYPE_SYSTEM ? state.instance : owner;
  if (!isLinkable(holder, idpId)) {
    const id = pickErrorId(owner, ["INSTANCE-m8fsd", "Org-3N9fs"]);
    throw createServerError(Code.FailedPrecondition, id, "Errors.IDPConfig.NotExisting");
  }
  if (policy.links.has(idpId)) {
    throw createOwnerError(
      owner,
      Code.AlreadyExists,
      ["INSTANCE-2B0ps", "Org-2B0ps"],
      "LoginPolicy.IDP.AlreadyExists",
    );
  }
  policy.links.add(idpId);
  return { details: createAddDetails(owner, events.record(...describeLink(idpId, ownerType))) };
}

/** Describes the event of a new link. */
export function describeLink(idpId: string, ownerType: IDPOwnerType): OwnerEvent {
  return [
    "policy.login.idpprovider.added",
    {
      idpConfigId: idpId,
      ...(ownerType === IDPOwnerType.IDP_OWNER_TYPE_ORG && { idpProviderType: 1 }),
    },
  ];
}

/** Removes a link from the login policy of an owner. */
export function removePolicyLink(
  { idpId }: { idpId: string },
  { owner, events }: RpcContext,
): ResponseFields {
  const policy = owner.loginPolicy;
  if (policy === undefined) {
    throw createOwnerError(
      owner,
      Code.NotFound,
      ["INSTANCE-Dfg4t", "Org-GVDfe"],
      "LoginPolicy.NotFound",
    );
  }
  if (!policy.links.delete(idpId)) {
    throw createOwnerError(
      owner,
      Code.NotFound,
      ["INSTANCE-39fjs", "Org-39fjs"],
      "LoginPolicy.IDP.NotExisting",
    );
  }
  const event = events.record("policy.login.idpprovider.removed", { idpConfigId: idpId });
  return { details: createChangeDetails(owner, event) };
}

/** Returns true if a login policy can link a provider. The server's commands do not find providers of the type ZITADEL. */
export function isLinkable(holder: StoredOwner, idpId: string): boolean {
  const type = holder.providers.get(idpId)?.view.type;
  return type !== undefined && type !== ProviderType.ZITADEL;
}
