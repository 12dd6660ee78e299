import type { Timestamp } from "@bufbuild/protobuf/wkt";
import {
  type IDP,
  IDPOwnerType,
  type Provider,
  type ProviderConfig,
} from "../../gen/zitadel/idp_pb.js";
import type { LoginPolicy } from "../../gen/zitadel/policy_pb.js";
import type { Accounts } from "./oauth/accounts.js";

/** What a write leaves behind in its owner's history. */
export interface Event {
  readonly sequence: bigint;
  readonly at: Timestamp;
}

/** A provider as reads of the provider API see it, and what only the write side knows. */
export interface StoredProvider {
  readonly view: Provider;
  /** What the add gave: some comparisons of the server look at nothing newer. */
  added: AddedProvider;
  /** Whether a SAML name id format was ever given; the default is another thing to the server. */
  nameIdFormatGiven?: boolean;
  /** Whether an update of the provider API ever turned on a legacy IDP's id token mapping, which only reads know. */
  idTokenMappingGiven?: boolean;
  /** The key pair of a SAML provider, made when somebody asks for it. */
  certificate?: () => Promise<string>;
}

/** A provider as it was added. */
export interface AddedProvider {
  readonly name: string;
  readonly config: ProviderConfig;
  readonly event: Event;
}

/** A login policy. Its links are apart, because the write side keeps those of deleted providers. */
export interface StoredLoginPolicy {
  readonly view: LoginPolicy;
  /** Ids of providers, in the order in which they were linked. */
  readonly links: Set<string>;
}

/** A human user, as far as it has accounts at providers. */
export interface Human {
  readonly id: string;
  readonly organization: string;
  sequence: bigint;
  readonly links: HumanLink[];
}

export interface HumanLink {
  readonly idpId: string;
  /** The user's id and name at the provider. */
  readonly userId: string;
  readonly userName: string;
}

/** An organization or the instance itself: what owns providers. All its writes share one count. */
export interface Owner {
  readonly id: string;
  readonly type: IDPOwnerType;
  readonly name: string;
  sequence: bigint;
  readonly providers: Map<string, StoredProvider>;
  /** IDPs of the older API. Each has a view in `providers` too, under the same id. */
  readonly legacy: Map<string, IDP>;
  /** Names taken by legacy IDPs, in lower case. A name can outlive its IDP: DeleteProvider does not free it. */
  readonly legacyNames: Map<string, string>;
  /** The instance always has one, the default; an organization may have one of its own. */
  loginPolicy: StoredLoginPolicy | undefined;
}

/** A service user. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly organization: string;
  readonly instanceRoles: readonly string[];
  /** Roles by organization id. */
  readonly organizationRoles: ReadonlyMap<string, readonly string[]>;
}

/** Everything that the emulated instance knows. */
export interface State {
  readonly instance: Owner;
  readonly domain: string;
  readonly defaultLanguage: string;
  /** Whether metadata are also fetched from loopback, private and link-local addresses. */
  readonly allowPrivateUrls: boolean;
  readonly organizations: Map<string, Owner>;
  /** Service users by their personal access token. */
  readonly tokens: Map<string, User>;
  /** Service users by what they get further tokens with, and those tokens. */
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Human users by id. */
  readonly humans: Map<string, Human>;
  /** Parts of the seed that take their time: calls wait for them. Rejects if one of them is refused. */
  ready: Promise<unknown> | undefined;
}

/** Hands out times and ids that never repeat and only grow. */
export interface Clock {
  /** The time, in the database's resolution of microseconds. */
  now(): Timestamp;
  /** An id as the server makes them: 18 digits that begin with the time. */
  newId(): string;
}

/** ZITADEL's ids count in steps of 10 ms from here. */
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
    // Making an organization takes that many events.
    sequence: 4n,
    providers: new Map(),
    legacy: new Map(),
    legacyNames: new Map(),
    loginPolicy: undefined,
  };
}

/** Writes `count` events into the owner's history. They share one time. */
export function record(owner: Owner, clock: Clock, count = 1): Event[] {
  const at = clock.now();
  return Array.from({ length: count }, () => ({ sequence: ++owner.sequence, at }));
}

/** Writes one event. */
export function recordOne(owner: Owner, clock: Clock): Event {
  return { sequence: ++owner.sequence, at: clock.now() };
}
