import { isPlainObject } from "../../utils/is-plain-object.js";
import type { ProviderType } from "../model/provider.js";
import type { WrittenField } from "./actions.js";
import type { Owner } from "./desired-state.js";

/**
 * The storage of the data that `apply` keeps between runs and no server returns: the providers that it added, the fingerprints
 * of the secrets that it sent, and the adds that it began.
 *
 * @example
 * const store: StateStore = {
 *   read: async () => (await bucket.get("zitadel-idp.json")) ?? undefined,
 *   write: async (text) => await bucket.put("zitadel-idp.json", text),
 * };
 */
export interface StateStore {
  /** Returns the text that was written last, or undefined if there is none. */
  read(): Promise<string | undefined>;
  /** Replaces the text as a whole, or not at all. */
  write(text: string): Promise<void>;
}

/** The options of the state of `plan` and `apply`. */
export interface StateOptions {
  readonly store: StateStore;
  /**
   * The key of the fingerprints: a secret of at least 16 characters that stays the same for all runs. Without a key, no
   * fingerprints are kept, and an existing secret is sent again only if `rotate` names its provider.
   */
  readonly key?: string | undefined;
}

/** Keyed fingerprints of values that no read returns. They show whether a value has changed, and nothing else. */
export type Fingerprints = Readonly<Partial<Record<WrittenField, string>>>;

/** An add that was begun and whose result is unknown. */
export interface PendingAdd {
  readonly owner: Owner;
  readonly type: ProviderType;
  readonly name: string;
  /** The time at which the add began, by the clock of the machine that ran it. */
  readonly since: string;
  readonly fingerprints: Fingerprints;
}

/** The record of a provider. */
export interface KnownProvider {
  /** True if `apply` added the provider, false if it only changed it. */
  readonly made: boolean;
  readonly owner: Owner;
  /**
   * The type of the entry at the time. Together with `name`, it shows that an entry was renamed. States from before 0.1.0 have
   * neither.
   */
  readonly type?: ProviderType;
  readonly name?: string;
  /** The time of the last write, by the clock of the machine that ran it. */
  readonly at: string;
  readonly fingerprints: Fingerprints;
}

/** The data that `apply` keeps between runs. */
export interface ApplyState {
  /** The records by provider id. */
  readonly providers: Readonly<Record<string, KnownProvider>>;
  readonly pending: readonly PendingAdd[];
}

/** A state as it was read. */
interface StoredState {
  readonly state: ApplyState;
  /** A random value that changes with each write. It shows whether another run has written since. */
  readonly revision: unknown;
}

/** Reads the state. Throws if the state is damaged or of another version: without it, `apply` would forget what it has done. */
export async function readApplyState(options: StateOptions | undefined): Promise<ApplyState> {
  return (await readStoredState(options)).state;
}

async function readStoredState(options: StateOptions | undefined): Promise<StoredState> {
  const text = await options?.store.read();
  if (text === undefined) {
    return { state: { providers: {}, pending: [] }, revision: undefined };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error("the state is not JSON: restore it, or delete it to start over", { cause });
  }
  if (
    !isPlainObject(json) ||
    json["version"] !== 1 ||
    !isPlainObject(json["providers"]) ||
    !Array.isArray(json["pending"])
  ) {
    throw new Error("the state is not of version 1, the version of this zitadel-idp");
  }
  return {
    state: {
      providers: json["providers"] as ApplyState["providers"],
      pending: json["pending"] as PendingAdd[],
    },
    revision: json["revision"],
  };
}

/** A state that is being changed. Each change is written before the next one. */
export interface StateJournal {
  readonly current: ApplyState;
  /**
   * Writes a change. Throws if another run has written since the last read: otherwise the work of that run would be forgotten.
   */
  change(change: (state: ApplyState) => ApplyState): Promise<void>;
}

/** Reads the state of a run that will change it. */
export async function openStateJournal(options: StateOptions | undefined): Promise<StateJournal> {
  const kept = await readStoredState(options);
  let current = kept.state;
  let { revision } = kept;
  const write = async (state: ApplyState): Promise<void> => {
    if ((await readStoredState(options)).revision !== revision) {
      throw new Error(
        "another run has changed the state since this one read it, so nothing more is written. Wait until the other run ends, then apply again",
      );
    }
    const next = toBase64(crypto.getRandomValues(new Uint8Array(saltLength)));
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

/** Creates and compares fingerprints. */
export interface Fingerprinter {
  make(field: WrittenField, value: string): Promise<string>;
  matches(field: WrittenField, value: string, fingerprint: string): Promise<boolean>;
}

const minKeyLength = 16;
const saltLength = 16;

/**
 * Creates a fingerprinter that uses HMAC-SHA-256 with a salt. Without the key, nobody can test secrets against a fingerprint,
 * or see which fingerprints belong to the same secret.
 */
export async function createFingerprinter(
  key: string | undefined,
): Promise<Fingerprinter | undefined> {
  if (key === undefined) {
    return undefined;
  }
  if (key.length < minKeyLength) {
    throw new TypeError(`the key of the state must have at least ${minKeyLength} characters`);
  }
  const text = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", text.encode(key), algorithm, false, [
    "sign",
  ]);
  const mac = async (salt: string, field: WrittenField, value: string): Promise<string> => {
    const data = text.encode(`${salt}\n${field}\n${value}`);
    return toBase64(new Uint8Array(await crypto.subtle.sign("HMAC", imported, data)));
  };
  return {
    async make(field, value) {
      const salt = toBase64(crypto.getRandomValues(new Uint8Array(saltLength)));
      return `${salt}.${await mac(salt, field, value)}`;
    },
    async matches(field, value, fingerprint) {
      const [salt = "", expected] = fingerprint.split(".");
      return (await mac(salt, field, value)) === expected;
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
