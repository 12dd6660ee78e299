import { createRegistry, type Registry } from "@bufbuild/protobuf";
import { zitadelDetailTypes } from "./error-details.js";

/** Creates a registry of error details: ZITADEL's types and those of `more`. */
export function createErrorRegistry(more?: Registry): Registry {
  return createRegistry(...zitadelDetailTypes, ...(more === undefined ? [] : [more]));
}
