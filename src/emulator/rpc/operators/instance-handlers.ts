import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { ListInstanceDomainsRequest } from "../../../../gen/zitadel/admin_operators_pb.js";
import {
  type Domain,
  DomainFieldName,
  DomainSchema,
  type DomainSearchQuery,
  InstanceDetailSchema,
  State,
} from "../../../../gen/zitadel/instance_pb.js";
import type { EmulatorState } from "../../store/emulator-state.js";
import { createStoredDetails } from "../../store/object-details.js";
import { compareByBytes } from "../compare-by-bytes.js";
import { createListPage } from "../create-list-page.js";
import { matchesText } from "../filter-list.js";
import type { ResponseFields, RpcContext, RpcHandler } from "../rpc-handler.js";

/** The version of the server that the emulator was compared with. It was built from source, so its version is a time. */
const serverVersion = "2026-07-10T00:00:00Z";

/** The RPCs on the instance itself. */
export const instanceHandlers: Readonly<Record<string, RpcHandler>> = {
  GetMyInstance: getMyInstance,
  ListInstanceDomains: listInstanceDomains,
};

function getMyInstance(_request: object, { state }: RpcContext): ResponseFields {
  const { instance } = state;
  return {
    instance: create(InstanceDetailSchema, {
      id: instance.id,
      details: createStoredDetails(instance, instance.created),
      state: State.RUNNING,
      name: instance.name,
      version: serverVersion,
      domains: listDomains(state),
    }),
  };
}

function listInstanceDomains(
  { query, sortingColumn, queries }: ListInstanceDomainsRequest,
  { state }: RpcContext,
): ResponseFields {
  const found = listDomains(state).filter((domain) =>
    queries.every((each) => matchesQuery(domain, each)),
  );
  const compare = comparisons[sortingColumn];
  if (compare !== undefined) {
    const direction = query?.asc ? 1 : -1;
    found.sort((a, b) => direction * compare(a, b));
  }
  return createListPage(found, query, state.clock.now());
}

function listDomains({ instance, domain, generatedDomain }: EmulatorState): Domain[] {
  const details = createStoredDetails(instance, instance.created);
  return [
    create(DomainSchema, { details, domain: generatedDomain, generated: true }),
    create(DomainSchema, { details, domain, primary: true }),
  ];
}

function matchesQuery(domain: Domain, { query }: DomainSearchQuery): boolean {
  switch (query.case) {
    case "domainQuery":
      return matchesText(query.value.method, domain.domain, query.value.domain);
    case "generatedQuery":
      return domain.generated === query.value.generated;
    case "primaryQuery":
      return domain.primary === query.value.primary;
    default:
      return true;
  }
}

/** The comparisons of domains by column. */
const comparisons: Readonly<Partial<Record<DomainFieldName, (a: Domain, b: Domain) => number>>> = {
  [DomainFieldName.DOMAIN]: (a, b) => compareByBytes(a.domain, b.domain),
  [DomainFieldName.PRIMARY]: (a, b) => Number(a.primary) - Number(b.primary),
  [DomainFieldName.GENERATED]: (a, b) => Number(a.generated) - Number(b.generated),
  [DomainFieldName.CREATION_DATE]: (a, b) => readCreatedMs(a) - readCreatedMs(b),
};

function readCreatedMs({ details }: Domain): number {
  return details?.creationDate === undefined ? 0 : timestampMs(details.creationDate);
}
