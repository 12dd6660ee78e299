import { fromJson, type Registry } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { ReadDetail } from "./detail.js";

// This module supports services, messages and error details of other APIs. It brings all of google/protobuf/descriptor.proto, so
// it is loaded only when needed.
export { restMethod } from "./option.js";

/** Creates a reader of the details whose types are in a registry. */
export function detailReader(registry: Registry): ReadDetail {
  return (detail) => fromJson(AnySchema, detail, { registry, ignoreUnknownFields: true }).value;
}
