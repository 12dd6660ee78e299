import type { CallOptions } from "@connectrpc/connect";
import type { Org } from "../../gen/zitadel/org_pb.js";
import { OrgState } from "../../gen/zitadel/org_pb.js";
import type { InstanceDetail } from "../../gen/zitadel/instance_pb.js";
import type { Membership, User } from "../../gen/zitadel/user_pb.js";
import type { IdpClient } from "../index.js";
import { createOperatorClient, type OperatorClient } from "../services/operator-client.js";
import type { InstanceFacts, NamedId, OrganizationFacts, RoleFacts, UserFacts } from "./facts.js";
import { type ReportPart, toPart, getPartValue } from "./report-part.js";

/** The calling user and its roles. */
interface Identity {
  readonly user: ReportPart<UserFacts>;
  readonly roles: ReportPart<readonly RoleFacts[]>;
}

/** The calling user, its roles, and the organization and instance of its calls, as far as the user may read them. */
export interface CallerFacts extends Identity {
  /** The organization of the calls. */
  readonly organization: ReportPart<OrganizationFacts>;
  /** All permissions of the user in that organization, including those on the instance. */
  readonly permissions: ReportPart<readonly string[]>;
  readonly instance: ReportPart<InstanceFacts>;
}

/**
 * Reads the facts on the calling user, with all calls at the same time. `orgId` is the organization of the calls; default: the
 * organization of the user. The client must not have an `orgId`: if that organization did not exist, reads about the user would fail.
 */
export async function readCaller(
  client: IdpClient,
  orgId: string | undefined,
  options: CallOptions,
): Promise<CallerFacts> {
  const userClient = createOperatorClient(client.transport);
  const orgClient =
    orgId === undefined ? userClient : createOperatorClient(client.withOrg(orgId).transport);
  const [identity, organization, permissions, instance] = await Promise.all([
    readIdentity(userClient, options),
    readOrganization(orgClient, options),
    toPart(orgClient.auth.listMyZitadelPermissions({}, options)),
    toPart(userClient.admin.getMyInstance({}, options), "iam.read"),
  ]);
  return {
    ...identity,
    organization,
    permissions: mapPart(permissions, ({ result }) => result),
    instance: mapPart(instance, (response) => toInstanceFacts(response.instance)),
  };
}

/** Reads the calling user and its roles. Any valid token permits these reads. */
export async function readIdentity(own: OperatorClient, options: CallOptions): Promise<Identity> {
  const [user, memberships, organization] = await Promise.all([
    toPart(own.auth.getMyUser({}, options)),
    toPart(own.auth.listMyMemberships({}, options)),
    readOrganization(own, options),
  ]);
  const roles = mapPart(memberships, ({ result }) => result.map(toRoleFacts));
  const named: readonly NamedId[] = [
    getPartValue(organization) ?? [],
    getPartValue(roles) ?? [],
  ].flat();
  return { user: mapPart(user, (response) => toUserFacts(response.user, named)), roles };
}

async function readOrganization(
  { management }: OperatorClient,
  options: CallOptions,
): Promise<ReportPart<OrganizationFacts>> {
  const part = await toPart(management.getMyOrg({}, options), "org.read");
  return mapPart(part, ({ org }) => toOrganizationFacts(org));
}

function mapPart<T, U>(part: ReportPart<T>, map: (value: T) => U): ReportPart<U> {
  return part.status === "known" ? { status: "known", value: map(part.value) } : part;
}

function toUserFacts(user: User | undefined, named: readonly NamedId[]): UserFacts {
  const organizationId = user?.details?.resourceOwner ?? "";
  const name = named.find(({ id }) => id === organizationId)?.name;
  return {
    id: user?.id ?? "",
    loginName: user?.preferredLoginName ?? "",
    type: user?.type.case ?? "unknown",
    organization: { id: organizationId, name },
  };
}

function toRoleFacts({ type, displayName: name, roles }: Membership): RoleFacts {
  switch (type.case) {
    case "iam":
      return { on: "instance", id: "", name, roles };
    case "orgId":
      return { on: "organization", id: type.value, name, roles };
    case "projectId":
    case "projectGrantId":
      return { on: "project", id: type.value, name, roles };
    default:
      return { on: "unknown", id: "", name, roles };
  }
}

const organizationStates: Readonly<Record<OrgState, OrganizationFacts["state"]>> = {
  [OrgState.UNSPECIFIED]: "unspecified",
  [OrgState.ACTIVE]: "active",
  [OrgState.INACTIVE]: "inactive",
  [OrgState.REMOVED]: "removed",
};

function toOrganizationFacts(org: Org | undefined): OrganizationFacts {
  const { id = "", name = "", state = OrgState.UNSPECIFIED } = org ?? {};
  return { id, name, state: organizationStates[state] };
}

function toInstanceFacts(instance: InstanceDetail | undefined): InstanceFacts {
  const { id = "", name = "", version = "", domains = [] } = instance ?? {};
  return {
    id,
    name,
    version,
    domains: domains.map(({ domain, primary }) => ({ name: domain, isPrimary: primary })),
  };
}
