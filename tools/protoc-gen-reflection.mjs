// A buf plugin that generates one TypeScript file with the descriptors of all files, options included. The descriptors of the
// messages lack the options, which a client does not need. Services have the names that they have on the server.
import { create, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createEcmaScriptPlugin, runNodeJs } from "@bufbuild/protoplugin";
import { serviceName } from "./service-name.mjs";

runNodeJs(createEcmaScriptPlugin({ name: "protoc-gen-reflection", version: "v1", generateTs }));

function generateTs(schema) {
  const file = schema.files.map(({ proto }) => ({
    ...proto,
    service: proto.service.map((service) => ({ ...service, name: serviceName(service.name) })),
    sourceCodeInfo: undefined,
  }));
  const bytes = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
  schema.generateFile("reflection.ts")
    .print(`// Generated from all protos by tools/protoc-gen-reflection.mjs. Do not edit.

/** A google.protobuf.FileDescriptorSet of all files with their options, one character per byte. google/protobuf/*.proto are left out. */
export const fileDescriptorSet: string = ${toAsciiLiteral(bytes)};`);
}

/** Returns a string literal with one character per byte, which gzip compresses better than base64. */
function toAsciiLiteral(bytes) {
  const text = JSON.stringify(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replace(/[\x7f-\xff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
}
