import { toPlainValue } from "../providers/model/convert-fields.js";
import {
  getTypeFields,
  type FieldValues,
  isWriteOnly,
  toFieldValues,
} from "../providers/model/field-specs.js";
import { isKeptWhenLeftOut } from "../providers/model/kept-fields.js";
import { normalizeFields } from "../providers/model/normalize-fields.js";
import type { IdentityProvider, ProviderType } from "../providers/model/provider.js";
import { splitEntry } from "../providers/plan/desired/desired-entry.js";
import {
  pickReadableSettings,
  listWriteOnlyValues,
} from "../providers/plan/desired/desired-fields.js";
import type { DesiredProvider } from "../providers/plan/desired/desired-state.js";
import type { Owner } from "../providers/plan/owner.js";
import { isDeepEqual } from "../utils/is-deep-equal.js";
import type { CheckedProvider } from "./checked-provider.js";

/** Converts a provider of the server into a provider to check. */
export function toCheckedProvider(
  owner: Owner,
  provider: IdentityProvider,
  isOffered: boolean | undefined,
): CheckedProvider {
  const { type, name, id, createdAt, changedAt } = provider;
  return {
    owner,
    type,
    name,
    id,
    fields: toFieldValues(provider),
    secrets: {},
    isOffered,
    isUpdated: (changedAt?.getTime() ?? 0) > (createdAt?.getTime() ?? Number.POSITIVE_INFINITY),
  };
}

/**
 * Converts an entry of a desired state into a provider to check. `current` is the provider of the server that the entry changes.
 */
export function convertDesiredProvider(
  owner: Owner,
  entry: DesiredProvider,
  current: CheckedProvider | undefined,
): CheckedProvider {
  const { settings, name, active } = splitEntry(entry);
  const { type } = settings;
  const defaults = Object.entries(getTypeFields(type))
    .filter(([field, spec]) => !isWriteOnly(field, spec))
    .map(([field, spec]) => [field, toPlainValue(spec, undefined)]);
  const fields = {
    ...Object.fromEntries(defaults),
    // ZITADEL stores this for a request without a format.
    ...(type === "saml" && { nameIdFormat: "persistent" }),
    ...pickKeptFields(type, current),
    ...normalizeFields(type, pickReadableSettings(settings)),
  };
  return {
    owner,
    type,
    name,
    id: current?.id,
    fields,
    secrets: Object.fromEntries(listWriteOnlyValues(settings)),
    isOffered: active ?? current?.isOffered,
    isUpdated:
      current !== undefined && (current.isUpdated || !hasSameValues(fields, current.fields)),
  };
}

/** Returns the fields that ZITADEL keeps if an update leaves them out. */
function pickKeptFields(type: ProviderType, current: CheckedProvider | undefined): FieldValues {
  return Object.fromEntries(
    Object.entries(current?.fields ?? {}).filter(
      ([name, value]) => value !== undefined && isKeptWhenLeftOut(type, name),
    ),
  );
}

/** Returns true if `current` has the same values for these fields. */
function hasSameValues(fields: FieldValues, current: FieldValues): boolean {
  return Object.entries(fields).every(([name, value]) => isDeepEqual(value, current[name]));
}
