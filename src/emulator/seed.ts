import { fromJson, type JsonObject } from "@bufbuild/protobuf";
import { IDPOwnerType } from "../../gen/zitadel/idp_pb.js";
import { AdminService } from "../../gen/zitadel/admin_pb.js";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { orgIdHeader } from "../policy/org.js";
import { rolePermissions } from "../hints/role-permissions.js";
import { answer } from "./call.js";
import type { Eventually } from "./eventually.js";
import { addHuman, type HumanSeed } from "./humans.js";
import { methods } from "./methods.js";
import { createAccounts } from "./oauth/accounts.js";
import { readRsaPublicKey, type RsaPublicKey } from "./oauth/rsa-public-key.js";
import { createDefaultPolicy } from "./rpc/login-policy.js";
import {
  type Clock,
  createClock,
  createOwner,
  type Owner,
  type State,
  type User,
} from "./state.js";

/**
 * The initial state of an emulator. Every part is optional.
 *
 * @example
 * ```ts
 * const seed: EmulatorSeed = {
 *   organizations: [{ id: "1", name: "Acme" }],
 *   serviceUsers: [{ name: "ci", organization: "Acme", token: "t", organizationRoles: { Acme: ["ORG_OWNER"] } }],
 * };
 * ```
 */
export interface EmulatorSeed {
  /**
   * The instance. Calls must use its `domain` as their host name; default: `"localhost"`.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = { instance: { domain: "acme.zitadel.cloud" } };
   * ```
   */
  instance?: {
    id?: string;
    domain?: string;
    /** The language of error texts for calls that ask for no supported language. Default: `"en"`. */
    defaultLanguage?: string;
    /**
     * True to fetch SAML metadata from loopback, private and link-local addresses too, as a server without `HTTPClient.DenyList`
     * does. Default: false.
     */
    allowPrivateUrls?: boolean;
  };
  /**
   * The organizations. The first one is the default organization of the instance. Default: one named `"ZITADEL"`.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = { organizations: [{ name: "Acme" }, { name: "Old", state: "removed" }] };
   * ```
   */
  organizations?: {
    id?: string;
    name: string;
    /**
     * The state. Default: `"active"`.
     *
     * An inactive organization behaves like an active one for the calls that the emulator serves. Calls may still name a removed
     * organization, but its users and their tokens are gone, and so are the roles and providers on it.
     */
    state?: "active" | "inactive" | "removed";
  }[];
  /**
   * The service users, which make the calls. Default: one with the role IAM_OWNER and a random token.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = {
   *   organizations: [{ name: "Acme" }],
   *   serviceUsers: [{ name: "reader", organization: "Acme", token: "t", instanceRoles: ["IAM_OWNER_VIEWER"] }],
   * };
   * ```
   */
  serviceUsers?: {
    id?: string;
    name: string;
    /** The organization that owns the user, by id or name. */
    organization: string;
    /** The personal access token. Calls can use it at once. */
    token?: string;
    /** The client secret for the client credentials grant. The client id is the user's name. */
    clientSecret?: string;
    /**
     * The public halves of the keys for the JWT profile grant: RSA keys in PEM ("BEGIN PUBLIC KEY" or "BEGIN RSA PUBLIC KEY").
     * The id is the `keyId` of ZITADEL's key file.
     */
    keys?: { id: string; publicKey: string }[];
    /** The roles on the instance: IAM_OWNER, IAM_OWNER_VIEWER, ... */
    instanceRoles?: string[];
    /** The roles by organization (id or name): ORG_OWNER, ... */
    organizationRoles?: Record<string, string[]>;
  }[];
  /**
   * The human users, with the accounts at providers that they have linked.
   *
   * @example
   * ```ts
   * const seed: EmulatorSeed = {
   *   organizations: [{ name: "Acme" }],
   *   humans: [{ name: "ada", organization: "Acme", links: [{ idp: "7", userId: "ada-1", userName: "ada" }] }],
   * };
   * ```
   */
  humans?: HumanSeed[];
  /**
   * The providers. Each is created by its Add RPC, with the request in its JSON form.
   *
   * @example
   * ```ts
   * const request = { clientId: "client", clientSecret: "secret" };
   * const seed: EmulatorSeed = { providers: [{ id: "7", owner: "instance", rpc: "AddGoogleProvider", request }] };
   * ```
   */
  providers?: {
    id?: string;
    /** The owner: `"instance"`, or an organization by id or name. */
    owner: string;
    /** The name of the RPC, e.g. `"AddGenericOIDCProvider"`. */
    rpc: string;
    request: JsonObject;
  }[];
}

/** The values that a seed leaves open: the source of ids and times, and the token of the default service user. */
export interface SeedDefaults {
  readonly clock: Clock;
  readonly ownerToken: string;
}

/** Creates the state that a seed describes. Throws a TypeError that names the invalid part. */
export function createState(
  seed: EmulatorSeed,
  { clock, ownerToken }: SeedDefaults = { clock: createClock(), ownerToken: randomToken() },
): State {
  const instance = createOwner(
    seed.instance?.id ?? clock.newId(),
    IDPOwnerType.IDP_OWNER_TYPE_SYSTEM,
    "instance",
  );
  const organizations = new Map<string, Owner>();
  const accounts = createAccounts();
  const { removedOrganizations } = accounts;
  const seeded: NonNullable<EmulatorSeed["organizations"]> = seed.organizations ?? [
    { name: "ZITADEL" },
  ];
  for (const { id = clock.newId(), name, state = "active" } of seeded) {
    if (organizations.has(id)) {
      throw new TypeError(`seed: two organizations have the id ${id}`);
    }
    if (!["active", "inactive", "removed"].includes(state)) {
      throw new TypeError(
        `seed: organization ${name} has the unknown state ${state}; it must be active, inactive or removed`,
      );
    }
    if (state === "removed") {
      removedOrganizations.add(id);
    }
    organizations.set(id, createOwner(id, IDPOwnerType.IDP_OWNER_TYPE_ORG, name));
  }
  const [home] = organizations.keys();
  if (home === undefined) {
    throw new TypeError(
      "seed: there must be an organization; leave organizations out for one of its own",
    );
  }
  if (removedOrganizations.has(home)) {
    throw new TypeError(
      "seed: the first organization is the instance's default, which cannot be removed",
    );
  }
  const state: State = {
    instance,
    domain: seed.instance?.domain ?? "localhost",
    organizations,
    tokens: new Map(),
    accounts,
    clock,
    defaultLanguage: seed.instance?.defaultLanguage ?? "en",
    allowPrivateUrls: seed.instance?.allowPrivateUrls ?? false,
    humans: new Map(),
    ready: undefined,
  };
  instance.loginPolicy = createDefaultPolicy(instance, clock);
  // Creating an instance writes more events after the default login policy.
  instance.sequence += 100n;
  const serviceUsers = seed.serviceUsers ?? [
    { name: "owner", organization: home, token: ownerToken, instanceRoles: ["IAM_OWNER"] },
  ];
  for (const serviceUser of serviceUsers) {
    addServiceUser(state, serviceUser);
  }
  for (const human of seed.humans ?? []) {
    addHuman(state, human, findOrganization(state, human.organization, `human ${human.name}`).id);
  }
  let ready: Promise<unknown> | undefined;
  for (const provider of seed.providers ?? []) {
    // Add one provider after the other: their order decides ids and sequences.
    const added = ready?.then(() => addProvider(state, provider)) ?? addProvider(state, provider);
    ready = added instanceof Promise ? added : ready;
  }
  // Ignore the rejection here: the first call, or `listen`, reports it.
  ready?.catch(() => undefined);
  state.ready = ready;
  return state;
}

type SeededServiceUser = NonNullable<EmulatorSeed["serviceUsers"]>[number];

function addServiceUser(state: State, seeded: SeededServiceUser): void {
  const { name, organization, token, clientSecret, instanceRoles = [] } = seeded;
  const { tokens, accounts, clock } = state;
  const who = `service user ${name}`;
  const roles = Object.entries(seeded.organizationRoles ?? {});
  for (const role of [...instanceRoles, ...roles.flatMap(([, each]) => each)]) {
    if (rolePermissions[role] === undefined) {
      throw new TypeError(`seed: ${who} has the unknown role ${role}`);
    }
  }
  const byOrganization = roles.map(([org, each]): [string, string[]] => [
    findOrganization(state, org, who).id,
    each,
  ]);
  const user: User = {
    id: seeded.id ?? clock.newId(),
    name,
    organization: findOrganization(state, organization, who).id,
    instanceRoles,
    organizationRoles: new Map(
      byOrganization.filter(([id]) => !accounts.removedOrganizations.has(id)),
    ),
  };
  if (accounts.byId.has(user.id)) {
    throw new TypeError(`seed: two service users have the id ${user.id}`);
  }
  if (accounts.byName.has(name)) {
    throw new TypeError(
      `seed: two service users have the name ${name}, which is the client id too`,
    );
  }
  if (clientSecret === "") {
    throw new TypeError(`seed: ${who} has an empty clientSecret; leave it out for none`);
  }
  const account = { user, clientSecret, keys: readKeys(who, seeded.keys ?? []) };
  accounts.byId.set(user.id, account);
  accounts.byName.set(name, account);
  if (token !== undefined) {
    if (tokens.has(token)) {
      throw new TypeError(`seed: ${who} has the token of another one`);
    }
    tokens.set(token, user);
  }
}

function readKeys(
  who: string,
  seeded: NonNullable<SeededServiceUser["keys"]>,
): Map<string, RsaPublicKey> {
  const keys = new Map<string, RsaPublicKey>();
  for (const { id, publicKey } of seeded) {
    if (keys.has(id)) {
      throw new TypeError(`seed: ${who} has two keys with the id ${id}`);
    }
    try {
      keys.set(id, readRsaPublicKey(publicKey));
    } catch (cause) {
      // The message never repeats the key.
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TypeError(`seed: ${who}: the publicKey of the key ${id} ${why}`, { cause });
    }
  }
  return keys;
}

/** Adds a provider through its own RPC, as an owner of the instance. */
function addProvider(
  state: State,
  { id, owner, rpc, request }: NonNullable<EmulatorSeed["providers"]>[number],
): Eventually<unknown> {
  const owners = [state.instance, ...state.organizations.values()];
  if (id !== undefined && owners.some(({ providers }) => providers.has(id))) {
    throw new TypeError(`seed: two providers have the id ${id}`);
  }
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
  if (organization !== undefined && state.accounts.removedOrganizations.has(organization)) {
    throw new TypeError(`seed: provider of ${owner} by ${rpc}: the organization is removed`);
  }
  const token = randomToken();
  const user: User = {
    id: "seed",
    name: "seed",
    organization: organization ?? "",
    instanceRoles: ["IAM_OWNER"],
    organizationRoles: new Map(),
  };
  const { clock } = state;
  const refuse = (cause: unknown): never => {
    // The message names fields and limits, never a value.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`seed: provider of ${owner} by ${rpc}: ${why}`, { cause });
  };
  try {
    const added = answer(
      {
        ...state,
        ready: undefined,
        tokens: new Map([[token, user]]),
        clock: { now: () => clock.now(), newId: () => id ?? clock.newId() },
      },
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
    return added instanceof Promise ? added.catch(refuse) : added;
  } catch (cause) {
    return refuse(cause);
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

/** Returns a random token of 64 hexadecimal digits. */
export function randomToken(): string {
  return [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
