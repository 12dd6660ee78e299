import {
  getTypeFields,
  isProviderType,
  isWriteOnly,
  toFieldValues,
} from "../providers/model/field-specs.js";
import type { IdentityProvider, ProviderSettings } from "../providers/model/provider.js";
import { ProviderError } from "../providers/provider-error.js";

/**
 * Returns the settings of a provider that was read: its type and its writable fields, without id, dates and state. Change fields or add
 * new secrets before you send them. Throws a `ProviderError` with the reason `read_only` for a legacy IDP or an unknown type, and with
 * `unknown_content` for a provider with content that this version does not know, because an update would lose it.
 *
 * @example
 * const settings = toSettings(await providers.get(id));
 * await providers.update(id, { ...settings, name: "Acme" });
 */
export function toSettings(provider: IdentityProvider): ProviderSettings {
  const { type, id, unknown = [] } = provider;
  const about = `the settings of provider ${id}`;
  if (!isProviderType(type)) {
    const message = `providers of type ${type} can only be read`;
    throw new ProviderError({
      reason: "read_only",
      about,
      problems: [{ path: ["type"], message }],
    });
  }
  if (unknown.length > 0) {
    const message = `this version does not know ${unknown.join(", ")}, and would lose it`;
    throw new ProviderError({
      reason: "unknown_content",
      about,
      problems: [{ path: [], message }],
    });
  }
  const values = toFieldValues(provider);
  const fields = Object.entries(getTypeFields(type))
    .filter(([name, spec]) => !isWriteOnly(name, spec) && values[name] !== undefined)
    .map(([name]) => [name, values[name]]);
  return { type, ...Object.fromEntries(fields) } as ProviderSettings;
}
