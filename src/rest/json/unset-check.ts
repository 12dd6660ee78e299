import type { DescField } from "@bufbuild/protobuf";
import { createZeroCheck } from "./scalar-json.js";

/** Returns a function that returns true for the zero value of a field without presence. Zero values are not encoded. */
export function createUnsetCheck(field: DescField): (value: unknown) => boolean {
  if (field.fieldKind === "list") {
    return (value) => (value as unknown[]).length === 0;
  }
  if (field.scalar !== undefined) {
    return createZeroCheck(field.scalar);
  }
  const first = field.enum?.values[0]?.number;
  return (value) => value === first;
}
