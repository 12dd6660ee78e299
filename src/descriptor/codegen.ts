/**
 * The names that generated code imports: the types of protobuf-es, and our own functions. Each name is listed, because esbuild
 * bundles everything that `export *` passes on.
 */
export type { GenEnum, GenFile, GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
export { enumDesc, fileDesc, messageDesc, serviceDesc } from "./file-desc.js";
