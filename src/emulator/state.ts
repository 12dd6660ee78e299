import type { Timestamp } from "@bufbuild/protobuf/wkt";
import {
  type IDP,
  IDPOwnerType,
  type Provider,
  type ProviderConfig,
} from "../../gen/zitadel/idp_pb.js";
import type { LoginPolicy } from "../../gen/zitadel/policy_pb.js";
import type { Accounts } from "./oauth/accounts.js";

/** An entry in an owner's history. Each write adds one or more. */
export interface Event {
  readonly sequence: bigint;
  readonly at: Timestamp;
}

/** A provider as reads of the provider API return it, with the data that only the write side keeps. */
export interface StoredProvider {
  readonly view: Provider;
  /** The values of the add. Some comparisons of the server ignore all later changes. */
  added: AddedProvider;
  /** True if a request ever set the SAML name id format. The server distinguishes the default from a set value. */
  nameIdFormatGiven?: boolean;
  /** True if an update of the provider API ever turned on the id token mapping of a legacy IDP, which only reads show. */
  idTokenMappingGiven?: boolean;
  /** Returns the certificate of a SAML provider. Its key pair is created on the first call. */
  certificate?: () => Promise<string>;
}

/** The values of a provider at the time of its add. */
export interface AddedProvider {
  readonly name: string;
  readonly config: ProviderConfig;
  readonly event: Event;
}

/** A login policy. Its links are separate, because the write side keeps the links of deleted providers. */
export interface StoredLoginPolicy {
  readonly view: LoginPolicy;
  /** The ids of the linked providers, in the order of linking. */
  readonly links: Set<string>;
}

/** A human user, reduced to the accounts at providers. */
export interface Human {
  readonly id: string;
  readonly organization: string;
  sequence: bigint;
  readonly links: HumanLink[];
}

/** An account at a provider that a human user has linked. */
export interface HumanLink {
  readonly idpId: string;
  /** The user's id at the provider. */
  readonly userId: string;
  /** The user's name at the provider. */
  readonly userName: string;
}

/** An owner of providers: an organization, or the instance itself. All writes of an owner share one sequence. */
export interface Owner {
  readonly id: string;
  readonly type: IDPOwnerType;
  readonly name: string;
  sequence: bigint;
  readonly providers: Map<string, StoredProvider>;
  /** The IDPs of the legacy API. Each also has a view in `providers`, under the same id. */
  readonly legacy: Map<string, IDP>;
  /** The names that legacy IDPs use, in lower case. A name can outlive its IDP: DeleteProvider does not free it. */
  readonly legacyNames: Map<string, string>;
  /** The login policy. The instance always has one, the default; an organization may have its own. */
  loginPolicy: StoredLoginPolicy | undefined;
}

/** A service user. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly organization: string;
  readonly instanceRoles: readonly string[];
  /** The roles by organization id. */
  readonly organizationRoles: ReadonlyMap<string, readonly string[]>;
}

/** The complete state of the emulated instance. */
export interface State {
  readonly instance: Owner;
  readonly domain: string;
  readonly defaultLanguage: string;
  /** True if SAML metadata are also fetched from loopback, private and link-local addresses. */
  readonly allowPrivateUrls: boolean;
  readonly organizations: Map<string, Owner>;
  /** The service users by personal access token. */
  readonly tokens: Map<string, User>;
  /** The credentials of service users for the token endpoint, and the tokens that it issued. */
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** The human users by id. */
  readonly humans: Map<string, Human>;
  /**
   * A promise that settles when the asynchronous parts of the seed are applied; calls wait for it. Rejects if the emulated server
   * rejects one of these parts.
   */
  ready: Promise<unknown> | undefined;
}

/** A source of times and ids that never repeat and only grow. */
export interface Clock {
  /** Returns the current time in the resolution of the database, microseconds. */
  now(): Timestamp;
  /** Returns an id in the server's format: 18 digits that begin with the time. */
  newId(): string;
}

/** The epoch of ZITADEL's ids, which count in steps of 10 ms. */
const idEpochMs = Date.UTC(2019, 3, 29);

export function createClock(): Clock {
  let lastMicros = 0n;
  let lastId = 0n;
  const later = (value: bigint, last: bigint): bigint => (value > last ? value : last + 1n);
  return {
    now() {
      lastMicros = later(BigInt(Date.now()) * 1000n, lastMicros);
      return timestamp(lastMicros);
    },
    newId() {
      lastId = later(BigInt(Math.floor((Date.now() - idEpochMs) / 10)) << 24n, lastId);
      return String(lastId);
    },
  };
}

function timestamp(micros: bigint): Timestamp {
  return {
    $typeName: "google.protobuf.Timestamp",
    seconds: micros / 1_000_000n,
    nanos: Number(micros % 1_000_000n) * 1000,
  };
}

export function createOwner(id: string, type: IDPOwnerType, name: string): Owner {
  return {
    id,
    type,
    name,
    // Creating an organization takes this many events.
    sequence: 4n,
    providers: new Map(),
    legacy: new Map(),
    legacyNames: new Map(),
    loginPolicy: undefined,
  };
}

/** Adds `count` events with the same time to the history of an owner. */
export function record(owner: Owner, clock: Clock, count = 1): Event[] {
  const at = clock.now();
  return Array.from({ length: count }, () => ({ sequence: ++owner.sequence, at }));
}

/** Adds one event to the history of an owner. */
export function recordOne(owner: Owner, clock: Clock): Event {
  return { sequence: ++owner.sequence, at: clock.now() };
}
