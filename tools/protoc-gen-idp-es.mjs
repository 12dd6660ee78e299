// A buf plugin that runs protoc-gen-es and writes the descriptors of its output in the form that src/descriptor/file-desc.ts reads,
// with the names that ZITADEL's services have.
import { base64Decode } from "@bufbuild/protobuf/wire";
import { embedFileDesc } from "@bufbuild/protobuf/codegenv2";
import { runNodeJs } from "@bufbuild/protoplugin";
import protocGenEs from "@bufbuild/protoc-gen-es/dist/cjs/src/protoc-gen-es-plugin.js";
import { serviceName } from "./service-name.mjs";

const { name, version, run } = protocGenEs.protocGenEs;

runNodeJs({
  name,
  version,
  run(request) {
    const response = run(request);
    for (const file of response.file) {
      file.content = withoutFieldOrigins(withTextDescriptor(file, request.protoFile));
    }
    return response;
  },
});

/**
 * Removes the lines that repeat the declaration of a field of the proto after its comment, such as "@generated from field: string id = 1;".
 * An editor shows them with each field, and they are 1 % of the package.
 */
function withoutFieldOrigins(content) {
  return content
    .replaceAll(/\n +\*\n +\* @generated from field: .*/g, "")
    .replaceAll(/ +\/\*\*\n +\* @generated from field: .*\n +\*\/\n/g, "");
}

/** Returns the content of a generated file, with its descriptor as text instead of base64. */
function withTextDescriptor({ name: path, content }, protos) {
  const proto = protos.find((each) => path === each.name.replace(/\.proto$/, "_pb.ts"));
  const base64 = embedFileDesc(proto).base64();
  const parts = content.split(`"${base64}"`);
  if (parts.length !== 2) {
    throw new Error(`${path} does not contain the descriptor of ${proto.name} once in base64`);
  }
  const service = proto.service.map((each) => ({ ...each, name: serviceName(each.name) }));
  return parts.join(
    JSON.stringify(toText(base64Decode(embedFileDesc({ ...proto, service }).base64()))),
  );
}

/**
 * Encodes bytes as ASCII text, one character per byte. The first character is an escape, which appears nowhere else in the data:
 * it adds 128 to the character after it.
 *
 * A page whose encoding is not UTF-8 would misread other characters if a bundler does not escape them.
 */
function toText(bytes) {
  const codes = Array.from(bytes, (byte) => byte & 0x7f);
  const escape = [..."^[]{}|~$%&`"].find((character) => !codes.includes(character.charCodeAt(0)));
  if (escape === undefined) {
    throw new Error("no character is left that could be the escape of this descriptor");
  }
  const characters = codes.map((code, index) => {
    const character = String.fromCharCode(code);
    return bytes[index] < 0x80 ? character : escape + character;
  });
  return escape + characters.join("");
}
