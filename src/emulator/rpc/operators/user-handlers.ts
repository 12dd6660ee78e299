import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type {
  ListMyMembershipsRequest,
  ListMyProjectOrgsRequest,
} from "../../../../gen/zitadel/auth_pb.js";
import type { Org } from "../../../../gen/zitadel/org_pb.js";
import {
  type Membership,
  type MembershipQuery,
  MembershipSchema,
  UserSchema,
  UserState,
} from "../../../../gen/zitadel/user_pb.js";
import { ObjectDetailsSchema } from "../../../../gen/zitadel/object_pb.js";
import { createServerError } from "../../errors/server-error.js";
import type { EmulatorState } from "../../store/emulator-state.js";
import { grantedPermissions } from "../../store/granted-permissions.js";
import { createStoredDetails } from "../../store/object-details.js";
import { listRoles, type ServiceUser } from "../../store/service-user.js";
import { createListPage } from "../create-list-page.js";
import type { ResponseFields, RpcContext, RpcHandler } from "../rpc-handler.js";

/** The RPCs of the AuthService, on the caller. */
export const userHandlers: Readonly<Record<string, RpcHandler>> = {
  GetMyUser: getMyUser,
  ListMyMemberships: listMyMemberships,
  ListMyZitadelPermissions: listMyPermissions,
  ListMyProjectOrgs: listMyProjectOrganizations,
};

/** Returns a user of the organization of the call. No recording shows this RPC. */
export function getUserOfOrganization(
  { id }: { id: string },
  { owner, state }: RpcContext,
): ResponseFields {
  const human = state.humans.get(id);
  if (human?.organization === owner.id) {
    const details = create(ObjectDetailsSchema, {
      sequence: human.sequence,
      resourceOwner: owner.id,
    });
    const type = { case: "human" as const, value: {} };
    return { user: create(UserSchema, { id, details, state: UserState.ACTIVE, type }) };
  }
  const user = state.accounts.byId.get(id)?.user;
  if (user?.organization !== owner.id) {
    throw createServerError(Code.NotFound, "QUERY-Dfbg2", "User could not be found");
  }
  return toMachine(user, state);
}

function getMyUser(_request: object, { state, user }: RpcContext): ResponseFields {
  return toMachine(user, state);
}

function toMachine(user: ServiceUser, state: EmulatorState): ResponseFields {
  const { id, name, displayName, organization, isInactive, created } = user;
  return {
    user: create(UserSchema, {
      id,
      details: createStoredDetails({ id: organization }, created),
      state: isInactive ? UserState.INACTIVE : UserState.ACTIVE,
      userName: name,
      loginNames: [name],
      preferredLoginName: name,
      type: {
        case: "machine",
        value: {
          name: displayName,
          hasSecret: state.accounts.byId.get(id)?.clientSecret !== undefined,
        },
      },
    }),
  };
}

function listMyMemberships(
  { query, queries }: ListMyMembershipsRequest,
  { state, user }: RpcContext,
): ResponseFields {
  const all = listMemberships(user, state).filter((membership) =>
    queries.every((each) => matchesQuery(membership, each)),
  );
  return createListPage(all, query, state.clock.now());
}

function listMemberships(user: ServiceUser, state: EmulatorState): Membership[] {
  return user.memberships.map(({ owner: id, roles, event }) => {
    const isInstance = id === state.instance.id;
    const owner = isInstance ? state.instance : state.organizations.get(id);
    return create(MembershipSchema, {
      userId: user.id,
      details: createStoredDetails({ id }, event),
      roles: [...roles],
      displayName: owner?.name ?? "",
      type: isInstance ? { case: "iam", value: true } : { case: "orgId", value: id },
    });
  });
}

/** Returns true if a membership matches a query. The emulator has no projects. */
function matchesQuery({ type }: Membership, { query }: MembershipQuery): boolean {
  switch (query.case) {
    case "orgQuery":
      return type.case === "orgId" && type.value === query.value.orgId;
    case "iamQuery":
      return (type.case === "iam") === query.value.iam;
    default:
      return false;
  }
}

/** Lists the permissions of the caller in the organization of the call, each once. */
function listMyPermissions(_request: object, { state, owner, user }: RpcContext): ResponseFields {
  const roles = listRoles(user, state.instance.id, owner.id);
  const permissions = new Set(roles.flatMap((role) => grantedPermissions[role] ?? []));
  return { result: [...permissions].toSorted() };
}

/** Lists no organizations: tokens of service users belong to no project. */
function listMyProjectOrganizations(
  { query }: ListMyProjectOrgsRequest,
  { state }: RpcContext,
): ResponseFields {
  return createListPage<Org>([], query, state.clock.now());
}
