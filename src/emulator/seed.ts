import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { IDPOwnerType } from "../../gen/zitadel/idp_pb.js";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { orgIdHeader } from "../policy/org.js";
import { rolePermissions } from "./access.js";
import { answer } from "./call.js";
import { methods } from "./methods.js";
import { createClock, createOwner, type Owner, type State, type User } from "./state.js";

/** The state an emulator starts with. Every part may be left out. */
export interface EmulatorSeed {
  /** The instance. Its domain is the host name that calls must use; default `"localhost"`. */
  instance?: { id?: string; domain?: string };
  /** The organizations; the first is the instance's default. Without any there is one, named `"ZITADEL"`. */
  organizations?: { id?: string; name: string }[];
  /** Who may call. Without any there is one with the role IAM_OWNER and a random token. */
  serviceUsers?: {
    id?: string;
    name: string;
    /** The organization that owns the user, by id or name. */
    organization: string;
    /** The personal access token. Without one the user cannot call. */
    token?: string;
    /** Roles on the instance: IAM_OWNER, IAM_OWNER_VIEWER, ... */
    instanceRoles?: string[];
    /** Roles by organization (id or name): ORG_OWNER, ... */
    organizationRoles?: Record<string, string[]>;
  }[];
  /** Providers, each made by its own Add RPC, with the request in its JSON form. */
  providers?: {
    /** `"instance"`, or the organization by id or name. */
    owner: string;
    /** The RPC, e.g. `"AddGenericOIDCProvider"`. */
    rpc: string;
    request: JsonObject;
  }[];
}

/** Makes the state that a seed describes. Throws a TypeError that names the part that is wrong. */
export function createState(seed: EmulatorSeed): State {
  const clock = createClock();
  const instance = createOwner(
    seed.instance?.id ?? clock.newId(),
    IDPOwnerType.IDP_OWNER_TYPE_SYSTEM,
    "instance",
  );
  const organizations = new Map<string, Owner>();
  for (const { id = clock.newId(), name } of seed.organizations ?? [{ name: "ZITADEL" }]) {
    if (organizations.has(id)) {
      throw new TypeError(`seed: two organizations have the id ${id}`);
    }
    organizations.set(id, createOwner(id, IDPOwnerType.IDP_OWNER_TYPE_ORG, name));
  }
  const [home] = organizations.keys();
  if (home === undefined) {
    throw new TypeError(
      "seed: there must be an organization; leave organizations out for one of its own",
    );
  }
  const tokens = new Map<string, User>();
  const state: State = {
    instance,
    domain: seed.instance?.domain ?? "localhost",
    organizations,
    tokens,
    clock,
  };
  const serviceUsers = seed.serviceUsers ?? [
    { name: "owner", organization: home, token: randomToken(), instanceRoles: ["IAM_OWNER"] },
  ];
  for (const {
    id = clock.newId(),
    name,
    organization,
    token,
    instanceRoles = [],
    organizationRoles = {},
  } of serviceUsers) {
    const roles = Object.entries(organizationRoles);
    for (const role of [...instanceRoles, ...roles.flatMap(([, each]) => each)]) {
      if (rolePermissions[role] === undefined) {
        throw new TypeError(`seed: service user ${name} has the unknown role ${role}`);
      }
    }
    const user: User = {
      id,
      name,
      organization: findOrganization(state, organization, `service user ${name}`).id,
      instanceRoles,
      organizationRoles: new Map(
        roles.map(([org, each]) => [findOrganization(state, org, `service user ${name}`).id, each]),
      ),
    };
    if (token !== undefined) {
      if (tokens.has(token)) {
        throw new TypeError(`seed: service user ${name} has the token of another one`);
      }
      tokens.set(token, user);
    }
  }
  for (const provider of seed.providers ?? []) {
    addProvider(state, provider);
  }
  return state;
}

/** Adds a provider through the RPC itself, as an owner of the instance. */
function addProvider(
  state: State,
  { owner, rpc, request }: NonNullable<EmulatorSeed["providers"]>[number],
): void {
  const onInstance = owner === "instance";
  const service = onInstance ? AdminService : ManagementService;
  const method = methods.get(service.typeName)?.get(rpc);
  if (method === undefined || !rpc.startsWith("Add")) {
    throw new TypeError(
      `seed: provider of ${owner}: ${service.name} has no RPC ${rpc} that adds a provider`,
    );
  }
  const organization = onInstance
    ? [...state.organizations.keys()][0]
    : findOrganization(state, owner, `provider by ${rpc}`).id;
  const token = randomToken();
  const user: User = {
    id: "seed",
    name: "seed",
    organization: organization ?? "",
    instanceRoles: ["IAM_OWNER"],
    organizationRoles: new Map(),
  };
  try {
    answer(
      { ...state, tokens: new Map([[token, user]]) },
      {
        method,
        message: fromJson(method.input, request),
        metadata: [
          ["authorization", `Bearer ${token}`],
          [orgIdHeader, organization ?? ""],
        ],
        authority: state.domain,
      },
    );
  } catch (cause) {
    // The message names fields and limits, never a value.
    throw new TypeError(
      `seed: provider of ${owner} by ${rpc}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

function findOrganization(state: State, idOrName: string, whose: string): Owner {
  const found =
    state.organizations.get(idOrName) ??
    [...state.organizations.values()].find(({ name }) => name === idOrName);
  if (found === undefined) {
    throw new TypeError(
      `seed: ${whose} names the organization ${idOrName}, which is not among the organizations`,
    );
  }
  return found;
}

function randomToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
