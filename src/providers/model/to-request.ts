import { toMessageFields } from "./convert-fields.js";
import { getTypeFields, type FieldValues } from "./field-specs.js";
import type { ProviderType } from "./provider.js";

/** Converts fields in plain TypeScript into the fields of a request. */
export function toRequest(type: ProviderType, plain: FieldValues): FieldValues {
  return toRequestNames(toMessageFields(getTypeFields(type), plain));
}

/** Renames the fields whose names in requests differ. */
export function toRequestNames({
  options,
  metadataXml,
  metadataUrl,
  ...fields
}: FieldValues): FieldValues {
  return {
    ...fields,
    ...(options !== undefined && { providerOptions: options }),
    ...(metadataXml !== undefined && { metadata: { case: "metadataXml", value: metadataXml } }),
    ...(metadataUrl !== undefined && { metadata: { case: "metadataUrl", value: metadataUrl } }),
  };
}
