import { isPlainObject } from "../../../utils/is-plain-object.js";
import type { ProviderType } from "../../model/provider.js";
import type { SecretDates } from "../desired/secret-dates.js";
import type { Owner } from "../owner.js";
import type { Fingerprints } from "./fingerprints.js";

/**
 * The storage for the data of `apply` that ZITADEL does not return: the providers that it added, the adds that it began, and the
 * fingerprints and dates of the secrets that it sent.
 *
 * @example
 * const store: StateStore = {
 *   read: async () => (await bucket.get("zitadel-idp.json")) ?? undefined,
 *   write: async (text) => await bucket.put("zitadel-idp.json", text),
 * };
 */
export interface StateStore {
  /** Returns the text that was written last, or undefined if none has been written. */
  read(): Promise<string | undefined>;
  /** Replaces the text as a whole, or not at all. */
  write(text: string): Promise<void>;
}

/** The options of the state of `plan` and `apply`. */
export interface StateOptions {
  readonly store: StateStore;
  /**
   * The key of the fingerprints: a secret of at least 16 characters, the same for all runs. Without a key, `apply` keeps no fingerprints,
   * and sends the secret of an existing provider only if `rotate` names the provider.
   */
  readonly key?: string | undefined;
}

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
  /** True if `apply` added the provider. */
  readonly made: boolean;
  readonly owner: Owner;
  /**
   * The type of the entry at that time. Together with `name`, it shows that an entry was renamed. Records that were written before the
   * first release may have neither; the current type and name of the provider then take their place.
   */
  readonly type?: ProviderType | undefined;
  readonly name?: string | undefined;
  /** The time of the last write, by the clock of the machine that ran it. */
  readonly at: string;
  readonly fingerprints: Fingerprints;
  /** The dates at which secrets expire, as the desired state had them. Absent if it had none. */
  readonly secretDates?: SecretDates | undefined;
}

/** The data that `apply` keeps between runs. */
export interface ApplyState {
  /** The records by provider id. */
  readonly providers: Readonly<Record<string, KnownProvider>>;
  readonly pending: readonly PendingAdd[];
}

/** A state as the store has it. */
interface StoredState {
  readonly state: ApplyState;
  /** A random value that changes with each write, and thereby shows that another run has written. */
  readonly revision: unknown;
}

/** Reads the state. Throws an Error if the state is damaged or of another version. */
export async function readApplyState(options: StateOptions | undefined): Promise<ApplyState> {
  return (await readStoredState(options?.store)).state;
}

/** Reads the state and its revision. Returns an empty state if none has been written yet. */
export async function readStoredState(store: StateStore | undefined): Promise<StoredState> {
  const text = await store?.read();
  return text === undefined
    ? { state: { providers: {}, pending: [] }, revision: undefined }
    : parseState(text);
}

function parseState(text: string): StoredState {
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

/** Returns the text of a state, as the store keeps it. */
export function formatState({ state, revision }: StoredState): string {
  return `${JSON.stringify({ version: 1, revision, ...state }, null, 2)}\n`;
}
