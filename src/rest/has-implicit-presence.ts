import type { DescField } from "@bufbuild/protobuf";
import type { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

const implicit: FeatureSet_FieldPresence.IMPLICIT = 2;

/** Returns true if zero and unset are the same for a field. */
export function hasImplicitPresence(field: DescField): boolean {
  return field.presence === implicit;
}
