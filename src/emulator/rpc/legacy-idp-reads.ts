import { Code } from "@connectrpc/connect";
import { type IDP, IDPFieldName } from "../../../gen/zitadel/idp_pb.js";
import type { ListQuery } from "../../../gen/zitadel/object_pb.js";
import { rejectNulInLookup } from "../errors/nul-errors.js";
import { createServerError } from "../errors/server-error.js";
import { listVisibleOwners } from "../store/visible-owners.js";
import { compareByBytes } from "./compare-by-bytes.js";
import { filterList, type ListQueryFilter } from "./filter-list.js";
import { createListPage } from "./create-list-page.js";
import type { ResponseFields, RpcContext } from "./rpc-handler.js";

/** Returns the legacy IDP with an id among those that an owner sees. Throws the server's error if there is none. */
export function findLegacyIdp(id: string, { owner, state }: RpcContext): IDP {
  rejectNulInLookup("legacyIdp", id);
  const idp = listVisibleOwners(owner, state)
    .map((each) => each.legacy.get(id)?.view)
    .find((each) => each !== undefined);
  if (idp === undefined) {
    throw createServerError(Code.NotFound, "QUERY-rhR2o", "Errors.IDPConfig.NotExisting");
  }
  return idp;
}

/** Returns a legacy IDP. The AdminService returns the id of the IDP itself as its owner, and omits the header of a JWT config. */
export function getInstanceLegacyIdp({ id }: { id: string }, context: RpcContext): ResponseFields {
  const idp = findLegacyIdp(id, context);
  const config =
    idp.config.case === "jwtConfig"
      ? { case: idp.config.case, value: { ...idp.config.value, headerName: "" } }
      : idp.config;
  return {
    idp: { ...idp, config, details: idp.details && { ...idp.details, resourceOwner: idp.id } },
  };
}

/** Lists the legacy IDPs that an owner sees. */
export function listLegacyIdps(
  request: { query?: ListQuery; sortingColumn: IDPFieldName; queries: ListQueryFilter[] },
  { owner, state }: RpcContext,
): ResponseFields {
  if (request.queries.some(({ query }) => query.case === undefined)) {
    throw createServerError(Code.InvalidArgument, "ADMIN-VmqQu", "List.Query.Invalid");
  }
  const all = listVisibleOwners(owner, state).flatMap((each) =>
    [...each.legacy.values()].map(({ view }) => view),
  );
  const found = filterList(all, request.queries, "legacyIdpList");
  if (request.sortingColumn === IDPFieldName.IDP_FIELD_NAME_NAME) {
    const direction = request.query?.asc ? 1 : -1;
    found.sort((a, b) => direction * compareByBytes(a.name, b.name));
  }
  return createListPage(found, request.query, state.clock.now(), "legacyIdpList");
}
