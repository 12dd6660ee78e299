import { toFieldValues } from "../../model/field-specs.js";
import type { ProviderSettings } from "../../model/provider.js";
import { toStoredName } from "../../model/stored-values.js";
import type {
  AbsentProvider,
  DesiredEntry,
  DesiredProvider,
  InstanceProvider,
  OwnEntry,
} from "./desired-state.js";
import { type SecretDates, toSecretDates } from "./secret-dates.js";

/** The parts of a desired provider. */
interface EntryParts {
  readonly id: string | undefined;
  readonly active: boolean | undefined;
  /** The dates at which secrets expire. Undefined if the entry has none. */
  readonly secretDates: SecretDates | undefined;
  readonly settings: ProviderSettings;
  /** The name as the server stores it. */
  readonly name: string;
}

/** Returns true for an entry of a provider that must not exist. */
export function isAbsent(entry: DesiredEntry): entry is AbsentProvider {
  return "absent" in entry && entry.absent;
}

/** Returns true for an entry that names a provider of the instance. */
export function isInstanceEntry(entry: DesiredEntry): entry is InstanceProvider {
  return "instance" in entry && entry.instance;
}

/** Returns true for an entry that describes a provider of the owner. */
export function isDesiredProvider(entry: DesiredEntry): entry is DesiredProvider {
  return !isAbsent(entry) && !isInstanceEntry(entry);
}

/** Splits a desired provider into its parts. */
export function splitEntry({
  id,
  active,
  clientSecretExpires,
  bindPasswordExpires,
  privateKeyExpires,
  ...settings
}: DesiredProvider): EntryParts {
  const name = toStoredName(settings.type, toFieldValues(settings));
  const secretDates = toSecretDates({
    clientSecretExpires,
    bindPasswordExpires,
    privateKeyExpires,
  });
  return { id, active, secretDates, settings, name };
}

/** Returns the key of the provider that an entry describes. */
export function toEntryKey(entry: OwnEntry): string {
  const { type = "" } = entry;
  return toProviderKey({ type, name: toEntryName(entry) });
}

/** Returns the name of the provider that an entry describes. */
export function toEntryName(entry: OwnEntry): string {
  return isAbsent(entry) ? (entry.name ?? "") : splitEntry(entry).name;
}

/** Returns a key that is the same for all providers of a type and name. */
export function toProviderKey({
  type,
  name,
}: {
  readonly type: string;
  readonly name: string;
}): string {
  return JSON.stringify([type, name]);
}
