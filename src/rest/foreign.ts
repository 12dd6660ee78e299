import { fromJson, type Registry } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { ReadDetail } from "./detail.js";

// What only services, messages and error details of others need. It comes with all of google/protobuf/descriptor.proto, so it is
// loaded when it is needed.
export { restMethod } from "./option.js";

/** Reads the details of a registry. */
export function detailReader(registry: Registry): ReadDetail {
  return (detail) => fromJson(AnySchema, detail, { registry, ignoreUnknownFields: true }).value;
}
