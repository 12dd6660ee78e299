import type { Provider } from "../services/idp.js";
import { getTypeFields, type FieldValues, toFieldValues } from "./model/field-specs.js";
import type { ProviderType } from "./model/provider.js";
import { toRequest, toRequestNames } from "./model/to-request.js";

/**
 * Creates the request of an update that changes some fields and keeps all others. ZITADEL's updates replace the whole provider,
 * so the request contains the current value of each other field exactly as the server sent it.
 */
export function createLosslessUpdateRequest(
  type: ProviderType,
  current: Provider,
  changes: FieldValues,
): FieldValues {
  return { id: current.id, ...toCurrentFields(type, current), ...toRequest(type, changes) };
}

/** Returns the fields of a provider under the names of its update request. The values are not converted. */
function toCurrentFields(type: ProviderType, { name, config }: Provider): FieldValues {
  const values = toFieldValues(config?.config.value ?? {});
  const fields = Object.keys(getTypeFields(type)).flatMap((field) =>
    values[field] === undefined ? [] : [[field, values[field]]],
  );
  return toRequestNames({ ...Object.fromEntries(fields), name, options: config?.options });
}
