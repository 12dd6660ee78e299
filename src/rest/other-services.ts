// The support for services, messages and error details of other APIs than ZITADEL's. It is loaded on demand, because it brings all of
// google/protobuf/descriptor.proto.
import { fromJson, type Registry } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { DetailDecoder } from "./error-details.js";
import { createErrorRegistry } from "./error-registry.js";

export { resolveRestMethod } from "./resolve-rest-method.js";

/** Creates a decoder of error details of any type: ZITADEL's types and those of `more`. */
export function createAnyDetailDecoder(more: Registry | undefined): DetailDecoder {
  const registry = createErrorRegistry(more);
  return (detail) => fromJson(AnySchema, detail, { registry, ignoreUnknownFields: true }).value;
}
