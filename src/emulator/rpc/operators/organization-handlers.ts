import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { ListOrgsRequest } from "../../../../gen/zitadel/admin_operators_pb.js";
import {
  type Org,
  OrgFieldName,
  type OrgQuery,
  OrgSchema,
  OrgState,
} from "../../../../gen/zitadel/org_pb.js";
import { createServerError } from "../../errors/server-error.js";
import type { EmulatorState } from "../../store/emulator-state.js";
import type { HistoryEvent } from "../../store/record-events.js";
import { createStoredDetails, updateDetails } from "../../store/object-details.js";
import { derivePrimaryDomain } from "../../store/derive-primary-domain.js";
import type { StoredOwner } from "../../store/stored-owner.js";
import { compareByBytes } from "../compare-by-bytes.js";
import { createListPage } from "../create-list-page.js";
import { matchesText, sortArbitrarily } from "../filter-list.js";
import type { ResponseFields, RpcContext, RpcHandler } from "../rpc-handler.js";

/** The RPC on the organization of the call. */
export const ownOrganizationHandlers: Readonly<Record<string, RpcHandler>> = {
  GetMyOrg: (_request: object, { owner, state }) => getOrganization(owner.id, state),
};

/** The RPCs on all organizations of the instance. */
export const organizationHandlers: Readonly<Record<string, RpcHandler>> = {
  GetOrgByID: ({ id }: { id: string }, { state }) => getOrganization(id, state),
  GetDefaultOrg: getDefaultOrganization,
  ListOrgs: listOrganizations,
};

function getOrganization(id: string, state: EmulatorState): ResponseFields {
  const owner = state.organizations.get(id);
  if (owner === undefined || state.accounts.removedOrganizations.has(id)) {
    throw createServerError(Code.NotFound, "QUERY-leq5Q", "Errors.Org.NotFound");
  }
  const org = toOrganization(owner, state);
  const lastEvent: HistoryEvent = { sequence: owner.sequence, at: owner.changedAt };
  updateDetails(org.details, lastEvent);
  return { org };
}

function getDefaultOrganization(_request: object, { state }: RpcContext): ResponseFields {
  const [id = ""] = state.organizations.keys();
  return getOrganization(id, state);
}

/** Lists organizations. Unlike the other reads, the list shows the event of the creation even after later events. */
function listOrganizations(
  { query, sortingColumn, queries }: ListOrgsRequest,
  { state }: RpcContext,
): ResponseFields {
  const found = [...state.organizations.values()]
    .filter(({ id }) => !state.accounts.removedOrganizations.has(id))
    .map((owner) => toOrganization(owner, state))
    .filter((org) => queries.every((each) => matchesQuery(org, each)));
  const sorted = sortArbitrarily(found);
  if (sortingColumn === OrgFieldName.NAME) {
    const direction = query?.asc ? 1 : -1;
    sorted.sort((a, b) => direction * compareByBytes(a.name, b.name));
  }
  return createListPage(sorted, query, state.clock.now());
}

function matchesQuery(org: Org, { query }: OrgQuery): boolean {
  switch (query.case) {
    case "nameQuery":
      return matchesText(query.value.method, org.name, query.value.name);
    case "domainQuery":
      return matchesText(query.value.method, org.primaryDomain, query.value.domain);
    case "stateQuery":
      return org.state === query.value.state;
    case "idQuery":
      return org.id === query.value.id;
    default:
      return true;
  }
}

function toOrganization(owner: StoredOwner, { domain }: EmulatorState): Org {
  return create(OrgSchema, {
    id: owner.id,
    details: createStoredDetails(owner, owner.created),
    state: owner.isInactive ? OrgState.INACTIVE : OrgState.ACTIVE,
    name: owner.name,
    primaryDomain: derivePrimaryDomain(owner.name, domain),
  });
}
