import { IDPOwnerType } from "../../../gen/zitadel/idp_pb.js";
import { type Accounts, createAccounts } from "../store/accounts.js";
import { type Clock, createClock } from "../store/clock.js";
import { addDefaultLoginPolicy } from "../store/default-login-policy.js";
import type { EmulatorState } from "../store/emulator-state.js";
import { addToEventLog, type StoredEvent } from "../store/add-to-event-log.js";
import { derivePrimaryDomain } from "../store/derive-primary-domain.js";
import { createOwner, type StoredOwner } from "../store/stored-owner.js";
import type { EmulatorSeed, OrganizationSeed } from "./emulator-seed.js";
import { findOrganization } from "./find-organization.js";
import { createRandomToken } from "./create-random-token.js";
import { seedHuman } from "./seed-human.js";
import { seedProviders } from "./seed-providers.js";
import { seedServiceUser } from "./seed-service-user.js";

/** The values that a seed leaves open: the source of ids and times, and the token of the default service user. */
interface SeedDefaults {
  readonly clock: Clock;
  readonly ownerToken: string;
}

/**
 * Creates the state that a seed describes: the instance and its organizations, then the users, then the providers.
 *
 * Throws a TypeError that names the invalid part.
 */
export function createState(
  seed: EmulatorSeed,
  { clock, ownerToken }: SeedDefaults = { clock: createClock(), ownerToken: createRandomToken() },
): EmulatorState {
  const instance = createOwner(
    {
      id: seed.instance?.id ?? clock.newId(),
      type: IDPOwnerType.IDP_OWNER_TYPE_SYSTEM,
      name: "ZITADEL",
    },
    clock.now(),
  );
  const domain = seed.instance?.domain ?? "localhost";
  const accounts = createAccounts();
  const organizations = seedOrganizations(
    seed.organizations ?? [{ name: "ZITADEL" }],
    clock,
    accounts,
  );
  const state: EmulatorState = {
    instance,
    domain,
    generatedDomain: derivePrimaryDomain(`${instance.name}-${toLetters(instance.id)}`, domain),
    organizations,
    tokens: new Map(),
    accounts,
    clock,
    defaultLanguage: seed.instance?.defaultLanguage ?? "en",
    allowPrivateUrls: seed.instance?.allowPrivateUrls ?? false,
    humans: new Map(),
    events: [],
    intents: new Map(),
    ready: undefined,
  };
  for (const organization of organizations.values()) {
    addToEventLog(state.events, describeNewOrganization(organization, domain));
  }
  addDefaultLoginPolicy(instance, clock);
  // Creating an instance writes more events after the default login policy.
  instance.sequence += 100n;
  const [defaultOrganization = ""] = organizations.keys();
  const serviceUsers = seed.serviceUsers ?? [
    {
      name: "owner",
      organization: defaultOrganization,
      token: ownerToken,
      instanceRoles: ["IAM_OWNER"],
    },
  ];
  for (const serviceUser of serviceUsers) {
    seedServiceUser(state, serviceUser);
  }
  for (const human of seed.humans ?? []) {
    seedHuman(state, human, findOrganization(state, human.organization, `human ${human.name}`).id);
  }
  state.ready = seedProviders(state, seed.providers ?? []);
  return state;
}

/** Creates the organizations of a seed by id, and adds the ids of removed ones to `removedOrganizations`. */
function seedOrganizations(
  seeds: readonly OrganizationSeed[],
  clock: Clock,
  { removedOrganizations }: Accounts,
): Map<string, StoredOwner> {
  const organizations = new Map<string, StoredOwner>();
  for (const { id = clock.newId(), name, state = "active" } of seeds) {
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
    organizations.set(
      id,
      createOwner(
        { id, type: IDPOwnerType.IDP_OWNER_TYPE_ORG, name, isInactive: state === "inactive" },
        clock.now(),
      ),
    );
  }
  const [defaultOrganization] = organizations.keys();
  if (defaultOrganization === undefined) {
    throw new TypeError(
      "seed: organizations is empty: add one, or leave organizations out to get one named ZITADEL",
    );
  }
  if (removedOrganizations.has(defaultOrganization)) {
    throw new TypeError(
      "seed: the first organization is the instance's default, which cannot be removed",
    );
  }
  return organizations;
}

/** Describes the events of a new organization: its creation and its domain. */
function describeNewOrganization(
  { id, name, created: { at } }: StoredOwner,
  instanceDomain: string,
): StoredEvent[] {
  const domain = derivePrimaryDomain(name, instanceDomain);
  const payloads = {
    "org.added": { name },
    "org.domain.added": { domain },
    "org.domain.verified": { domain },
    "org.domain.primary.set": { domain },
  };
  return Object.entries(payloads).map(([type, payload], index) => ({
    sequence: BigInt(index + 1),
    at,
    aggregate: { id, type: "org", resourceOwner: id },
    editor: undefined,
    type,
    payload,
  }));
}

/** Returns six letters for an id, always the same for the same id. */
function toLetters(id: string): string {
  const letters = [...id].map((character) => "bcdfghklmn"[Number(character)] ?? "z");
  return letters.slice(-6).join("").padStart(6, "z");
}
