import type { DescField } from "@bufbuild/protobuf";

/** Returns true if the values of a field are secret: the protos mark such fields with `debug_redact`. */
export function isSecretField(field: DescField): boolean {
  return field.proto.options?.debugRedact === true;
}
