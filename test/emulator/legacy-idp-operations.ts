import {
  fromJson,
  type JsonObject,
  type JsonValue,
  type Message,
  toJson,
} from "@bufbuild/protobuf";
import { expect } from "vitest";
import { type IdpClient, isZitadelError } from "zitadel-idp";
import { methods } from "../../src/emulator/methods.js";
import type { Random } from "../support/random-message.js";
import { type Fields, LegacyIdpLog } from "./legacy-idp-log.js";

/** The services that have the RPCs of legacy IDPs. */
type Level = "management" | "admin";

/** The outcome of a write: the sequence in the response, the id of the error, or "no details" for an empty response. */
type WriteOutcome = number | string;

/** The instance or an organization: its RPCs, and the model of its legacy IDPs. */
export class Owner {
  readonly idps: Map<string, LegacyIdpLog> = new Map();
  /** The names that are taken, in lower case, with the IDP that took each of them. */
  readonly names: Map<string, string> = new Map();
  sequence = 0;

  constructor(
    readonly client: IdpClient,
    readonly level: Level,
    readonly random: Random,
    /** The outcomes that the calls had so far, by RPC: successes, ids of errors, and special cases. */
    readonly outcomes: Map<string, Set<string>>,
  ) {}

  readonly next = (): number => ++this.sequence;

  /** Returns the id of an error by level. */
  id(admin: string, management: string): string {
    return this.level === "admin" ? admin : management;
  }

  /** Calls an RPC by its name on the ManagementService. The legacy RPCs of the AdminService have names without "Org". */
  async call(rpc: string, request: JsonObject): Promise<JsonObject> {
    const service = `zitadel.${this.level}.v1.${this.level === "admin" ? "Admin" : "Management"}Service`;
    const method = methods.get(service)?.get(this.level === "admin" ? rpc.replace("Org", "") : rpc);
    if (method === undefined) {
      throw new Error(`no RPC ${rpc}`);
    }
    const send = this.client[this.level][method.localName as "getProviderByID"] as (
      message: Message,
    ) => Promise<Message>;
    try {
      const response = await send(fromJson(method.input, request));
      this.note(rpc, `ok:${this.level}`);
      return toJson(method.output, response, { alwaysEmitImplicit: true }) as JsonObject;
    } catch (error) {
      if (isZitadelError(error) && error.id !== undefined) {
        this.note(rpc, error.id);
        return { error: error.id };
      }
      throw error;
    }
  }

  /** Notes that an RPC had an outcome. */
  note(rpc: string, outcome: string): void {
    this.outcomes.set(rpc, (this.outcomes.get(rpc) ?? new Set()).add(outcome));
  }

  async write(rpc: string, request: JsonObject): Promise<WriteOutcome> {
    return parseWriteOutcome(await this.call(rpc, request));
  }
}

/** Returns the outcome of a write from its response, or from its error in the form of `Owner.call`. */
export function parseWriteOutcome({ error, details }: JsonObject): WriteOutcome {
  return typeof error === "string"
    ? error
    : details === undefined
      ? "no details"
      : Number((details as JsonObject)["sequence"]);
}

/** An operation of a sequence: makes a call, updates the model, and compares the two. Returns the IDP that it used. */
type Operation = (owner: Owner) => Promise<string | undefined>;

const hosts = ["https://a.example.test", "https://b.example.test"];
const names = ["alpha", "Alpha", "beta", "gamma", "delta", "epsilon"];
const scopeLists: string[][] = [[], ["openid"], ["openid", "email"]];

const add: Operation = async (owner) => {
  const { random } = owner;
  const kind = random.pick(["oidc", "jwt"] as const);
  const idp = {
    name: random.pick(names),
    stylingType: styling(random),
    isAutoCreation: random.chance(0.5),
  };
  const config = kind === "oidc" ? oidcConfig(random) : jwtConfig(random);
  const response = await owner.call(`AddOrg${kind.toUpperCase()}IDP`, {
    ...toLegacyRequest(idp),
    ...config,
    ...(kind === "oidc" && { clientSecret: "secret" }),
  });
  const key = idp.name.toLowerCase();
  if (owner.names.has(key)) {
    expect(parseWriteOutcome(response)).toBe("V3-DKcYh");
    return undefined;
  }
  const id = String(response["idpId"]);
  const log = new LegacyIdpLog(kind, owner.next);
  const first = log.append("idp", { ...idp, isLinkingAllowed: true, isCreationAllowed: true });
  const second = log.append(`${kind} config`, config);
  owner.idps.set(id, log);
  owner.names.set(key, id);
  expect(parseWriteOutcome(response)).toBe(kind === "oidc" ? second : first);
  return id;
};

const updateIdp: Operation = async (owner) => {
  const { random } = owner;
  const [id, log] = pickIdp(owner);
  const before = String(log.read("legacyIdp")["name"]);
  const request = {
    name: random.chance(0.6) ? before : random.pick(names),
    stylingType: styling(random),
    isAutoCreation: random.chance(0.5),
  };
  const outcome = await owner.write("UpdateOrgIDP", { idpId: id, ...toLegacyRequest(request) });
  if (log.isRemoved) {
    expect(outcome).toBe(owner.id("INSTANCE-m0e3r", "Org-1J9fs"));
    return id;
  }
  const holder = owner.names.get(request.name.toLowerCase());
  const isSame = Object.entries(request).every(
    ([name, value]) => log.read("legacyIdp")[name] === value,
  );
  if (isSame) {
    expect(outcome).toBe(owner.id("INSTANCE-3k0fs", "Org-jf9w"));
  } else if (holder !== undefined && holder !== id) {
    expect(outcome).toBe("V3-DKcYh");
  } else {
    owner.names.delete(before.toLowerCase());
    owner.names.set(request.name.toLowerCase(), id);
    expect(outcome).toBe(log.update("legacyIdp", request));
  }
  return id;
};

const updateLegacyConfig: Operation = async (owner) => {
  const { random } = owner;
  const [id, log] = pickIdp(owner);
  const kind = random.pick(["oidc", "jwt"] as const);
  const isSecretSet = kind === "oidc" && random.chance(0.2);
  const reader = kind === "oidc" ? "legacyOidcConfig" : "legacyJwtConfig";
  const config = mostly(
    log.read(reader),
    kind === "oidc" ? oidcConfig(random) : jwtConfig(random),
    random,
  );
  const outcome = await owner.write(`UpdateOrgIDP${kind.toUpperCase()}Config`, {
    idpId: id,
    ...config,
    ...(isSecretSet && { clientSecret: "other" }),
  });
  if (!log.hasLegacyConfig(kind)) {
    expect(outcome).toBe(
      kind === "oidc"
        ? owner.id("INSTANCE-67J9d", "Org-67J9d")
        : owner.id("INSTANCE-2m00d", "Org-67J9d"),
    );
    return id;
  }
  // An unspecified mapping keeps the stored one.
  const compared = Object.entries(config).filter(
    ([, value]) => value !== "OIDC_MAPPING_FIELD_UNSPECIFIED",
  );
  const notChanged =
    kind === "oidc"
      ? owner.id("INSTANCE-d8kwF", "Org-10ods")
      : owner.id("INSTANCE-3n9gg", "Org-2k9fs");
  const updated = log.update(reader, Object.fromEntries(compared), isSecretSet);
  expect(outcome).toBe(updated ?? notChanged);
  if (updated !== undefined && kind !== log.kind) {
    owner.note(`UpdateOrgIDP${kind.toUpperCase()}Config`, "other-kind");
  }
  return id;
};

const switchState: Operation = async (owner) => {
  const [id, log] = pickIdp(owner);
  const isActive = owner.random.chance(0.5);
  const outcome = await owner.write(isActive ? "ReactivateOrgIDP" : "DeactivateOrgIDP", {
    idpId: id,
  });
  if (log.isRemoved || log.isActive === isActive) {
    expect(outcome).toBe(
      isActive ? owner.id("INSTANCE-5Mo0d", "Org-5Mo0d") : owner.id("INSTANCE-2n0fs", "Org-BBmd0"),
    );
  } else {
    expect(outcome).toBe(log.append("state", { isActive }));
  }
  return id;
};

const remove: Operation = async (owner) => {
  const [id, log] = pickIdp(owner);
  const outcome = await owner.write("RemoveOrgIDP", { idpId: id });
  if (log.isRemoved) {
    expect(outcome).toBe(owner.id("INSTANCE-4M0xy", "QUERY-rhR2o"));
    return id;
  }
  owner.names.delete(String(log.read("legacyIdp")["name"]).toLowerCase());
  log.isRemoved = true;
  const sequence = owner.next();
  expect(outcome).toBe(owner.level === "admin" ? sequence : "no details");
  // A second event removes the link of the login policy, which is not there.
  owner.next();
  return id;
};

/** The updates of the provider API: the RPC, the id of the error on both levels, and the fields of a request. */
const providerUpdates = {
  genericOidc: {
    rpc: "UpdateGenericOIDCProvider",
    notFound: ["INST-Dg331", "ORG-Dg331"],
    config: (random: Random) => ({
      issuer: random.pick(hosts),
      clientId: random.pick(["a", "b"]),
      scopes: random.pick(scopeLists),
      isIdTokenMapping: random.chance(0.3),
    }),
  },
  genericJwt: {
    rpc: "UpdateJWTProvider",
    notFound: ["INST-Bhju5", "ORG-Bhju5"],
    config: (random: Random) => jwtConfig(random),
  },
  azureAd: {
    rpc: "UpdateAzureADProvider",
    notFound: ["INST-BHz3q", "ORG-BHz3q"],
    config: (random: Random) => targetConfig(random),
  },
  google: {
    rpc: "UpdateGoogleProvider",
    notFound: ["INST-D3r1s", "ORG-Dqrg1"],
    config: (random: Random) => targetConfig(random),
  },
} as const;

const updateProvider: Operation = async (owner) => {
  const { random } = owner;
  const [id, log] = pickIdp(owner);
  const reader = random.pick(
    log.type === log.kind
      ? (["genericOidc", "genericJwt"] as const)
      : (["genericOidc", "genericJwt", "azureAd", "azureAd", "google", "google"] as const),
  );
  const { rpc, notFound, config } = providerUpdates[reader];
  const known = log.read(reader);
  const request = mostly(known, { name: random.pick(names), ...config(random) }, random);
  const options = mostly(known, randomOptions(random), random);
  const outcome = await owner.write(rpc, { id, ...request, providerOptions: options });
  if (!log.isFoundBy(reader)) {
    expect(outcome).toBe(owner.id(notFound[0], notFound[1]));
    return id;
  }
  const updated = log.update(reader, { ...request, ...options });
  expect(outcome).toBe(updated ?? log.lastSequence(reader));
  if (updated === undefined) {
    owner.note(rpc, "unchanged");
  }
  return id;
};

const migrate: Operation = async (owner) => {
  const { random } = owner;
  const [id, log] = pickIdp(owner);
  const target = random.pick(["azureAd", "google"] as const);
  const fields = { name: random.pick(names), ...targetConfig(random) };
  const options = randomOptions(random);
  const outcome = await owner.write("MigrateGenericOIDCProvider", {
    id,
    [target === "azureAd" ? "azure" : target]: {
      ...fields,
      clientSecret: "secret",
      providerOptions: options,
    },
  });
  if (log.isFoundBy("genericOidc")) {
    owner.note("MigrateGenericOIDCProvider", log.kind);
    expect(outcome).toBe(log.append(target, { ...fields, ...options }));
  } else {
    expect(outcome).toBe(
      target === "azureAd"
        ? owner.id("INST-Dg29201", "ORG-Dg239201")
        : owner.id("INST-Dg29202", "ORG-x09981"),
    );
  }
  return id;
};

const deleteProvider: Operation = async (owner) => {
  const [id, log] = pickIdp(owner);
  const outcome = await owner.write("DeleteProvider", { id });
  if (log.isRemoved || log.isDeletedAsProvider) {
    expect(outcome).toBe(owner.id("INST-Se3tg", "ORG-Se3tg"));
  } else {
    log.isDeletedAsProvider = true;
    expect(outcome).toBe(owner.next());
  }
  return id;
};

/** Makes a random operation, the rarer ones less often. Removed IDPs stay in use, so that errors occur too. */
export function runRandomOperation(owner: Owner): Promise<string | undefined> {
  const { random } = owner;
  const operation =
    owner.idps.size < 4 || random.chance(0.08)
      ? add
      : random.pick(random.chance(0.15) ? [migrate, remove, deleteProvider] : updates);
  return operation(owner);
}

const updates: readonly Operation[] = [
  updateIdp,
  updateLegacyConfig,
  updateLegacyConfig,
  switchState,
  updateProvider,
  updateProvider,
];

function pickIdp({ idps, random }: Owner): [id: string, log: LegacyIdpLog] {
  // Prefer the newest IDPs, so that several operations meet on each.
  return random.pick([...idps].slice(-6));
}

/** Returns random fields of which most have the values that a reader knows, so that updates change few of them, or none. */
function mostly(known: Fields, fields: JsonObject, random: Random): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      random.chance(0.8) ? ((known[name] as JsonValue | undefined) ?? value) : value,
    ]),
  );
}

function toLegacyRequest({ isAutoCreation, ...request }: Fields): JsonObject {
  return { ...request, autoRegister: isAutoCreation } as JsonObject;
}

function styling(random: Random): string {
  return random.pick(["STYLING_TYPE_UNSPECIFIED", "STYLING_TYPE_GOOGLE"]);
}

function oidcConfig(random: Random): JsonObject {
  const mapping = (): string =>
    random.pick(
      ["UNSPECIFIED", "PREFERRED_USERNAME", "EMAIL"].map((name) => `OIDC_MAPPING_FIELD_${name}`),
    );
  return {
    clientId: random.pick(["a", "b"]),
    issuer: random.pick(hosts),
    scopes: random.pick(scopeLists),
    displayNameMapping: mapping(),
    usernameMapping: mapping(),
  };
}

function jwtConfig(random: Random): JsonObject {
  return {
    jwtEndpoint: random.pick(hosts),
    issuer: random.pick(hosts),
    keysEndpoint: random.pick(hosts),
    headerName: random.pick(["x-a", "x-b"]),
  };
}

function targetConfig(random: Random): JsonObject {
  return { clientId: random.pick(["a", "b"]), scopes: random.pick(scopeLists) };
}

function randomOptions(random: Random): JsonObject {
  return {
    isLinkingAllowed: random.chance(0.5),
    isCreationAllowed: random.chance(0.5),
    isAutoCreation: random.chance(0.5),
    isAutoUpdate: random.chance(0.3),
  };
}
