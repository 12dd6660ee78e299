import { isPlain } from "../model/check.js";
import type { ProviderType } from "../model/provider.js";
import type { WrittenField } from "./actions.js";
import type { Owner } from "./desired.js";

/** Where `apply` keeps what no server tells: which providers it made, which secrets it sent (as fingerprints), what it has begun. */
export interface StateStore {
  /** The text that was written last; undefined if there is none. */
  read(): Promise<string | undefined>;
  /** Replaces it as a whole, or not at all. */
  write(text: string): Promise<void>;
}

/** What `plan` and `apply` take of it. */
export interface StateOptions {
  readonly store: StateStore;
  /**
   * The key of the fingerprints: at least 16 characters that are kept secret, and the same for each run. Without it no fingerprints
   * are kept, and a secret that is already there is sent again only if it is named in `rotate`.
   */
  readonly key?: string | undefined;
}

/** Keyed fingerprints of values that no read returns: they tell whether a value is another one, and nothing else. */
export type Fingerprints = Readonly<Partial<Record<WrittenField, string>>>;

/** An add that was begun, and of which nothing was heard yet. */
export interface PendingCreate {
  readonly owner: Owner;
  readonly type: ProviderType;
  readonly name: string;
  /** When it began, by the clock of who did it. */
  readonly since: string;
  readonly fingerprints: Fingerprints;
}

/** What is remembered of a provider. */
export interface Remembered {
  /** Whether `apply` made it; otherwise it only changed it. */
  readonly made: boolean;
  readonly owner: Owner;
  /** The type and name of its entry then: they tell that an entry was renamed. States of before 0.1.0 have none. */
  readonly type?: ProviderType;
  readonly name?: string;
  /** When that was, by the clock of who did it. */
  readonly at: string;
  readonly fingerprints: Fingerprints;
}

export interface State {
  /** By id. */
  readonly providers: Readonly<Record<string, Remembered>>;
  readonly pending: readonly PendingCreate[];
}

/** A state as it was read. */
interface Kept {
  readonly state: State;
  /** A new one with each write. It tells whether another run has written since. */
  readonly revision: unknown;
}

/** Reads the state. Fails on one that is of another version or damaged: to go on without it would forget what was done. */
export async function readState(options: StateOptions | undefined): Promise<State> {
  return (await readKept(options)).state;
}

async function readKept(options: StateOptions | undefined): Promise<Kept> {
  const text = await options?.store.read();
  if (text === undefined) {
    return { state: { providers: {}, pending: [] }, revision: undefined };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error("the state is not JSON: restore it, or delete it to begin anew", { cause });
  }
  if (
    !isPlain(json) ||
    json["version"] !== 1 ||
    !isPlain(json["providers"]) ||
    !Array.isArray(json["pending"])
  ) {
    throw new Error("the state is not one of version 1, which this zitadel-idp writes");
  }
  return {
    state: {
      providers: json["providers"] as State["providers"],
      pending: json["pending"] as PendingCreate[],
    },
    revision: json["revision"],
  };
}

/** The state while it changes: each change is written before the next one. */
export interface StateJournal {
  readonly current: State;
  /** Writes a change. Fails if another run has written since: to go on would forget what that run did. */
  change(change: (state: State) => State): Promise<void>;
}

/** Reads the state of a run that will change it. */
export async function openState(options: StateOptions | undefined): Promise<StateJournal> {
  const kept = await readKept(options);
  let current = kept.state;
  let { revision } = kept;
  const write = async (state: State): Promise<void> => {
    if ((await readKept(options)).revision !== revision) {
      throw new Error(
        "another run has changed the state since this one read it: nothing more is written. Let one run end before the next one begins, then apply again",
      );
    }
    const next = base64(crypto.getRandomValues(new Uint8Array(saltLength)));
    await options?.store.write(
      `${JSON.stringify({ version: 1, revision: next, ...state }, null, 2)}\n`,
    );
    revision = next;
  };
  let writing = Promise.resolve();
  return {
    get current() {
      return current;
    },
    async change(change) {
      const state = (current = change(current));
      if (options !== undefined) {
        writing = writing.then(async () => await write(state));
        await writing;
      }
    },
  };
}

/** Fingerprints with a key. */
export interface Fingerprinter {
  make(field: WrittenField, value: string): Promise<string>;
  matches(field: WrittenField, value: string, fingerprint: string): Promise<boolean>;
}

const leastKeyLength = 16;
const saltLength = 16;

/** HMAC-SHA-256 with a salt: without the key nobody can try out secrets on it, or see which are the same. */
export async function fingerprinter(key: string | undefined): Promise<Fingerprinter | undefined> {
  if (key === undefined) {
    return undefined;
  }
  if (key.length < leastKeyLength) {
    throw new TypeError(`the key of the state must have at least ${leastKeyLength} characters`);
  }
  const text = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", text.encode(key), algorithm, false, [
    "sign",
  ]);
  const mac = async (salt: string, field: WrittenField, value: string): Promise<string> => {
    const data = text.encode(`${salt}\n${field}\n${value}`);
    return base64(new Uint8Array(await crypto.subtle.sign("HMAC", imported, data)));
  };
  return {
    async make(field, value) {
      const salt = base64(crypto.getRandomValues(new Uint8Array(saltLength)));
      return `${salt}.${await mac(salt, field, value)}`;
    },
    async matches(field, value, fingerprint) {
      const [salt = "", expected] = fingerprint.split(".");
      return (await mac(salt, field, value)) === expected;
    },
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
