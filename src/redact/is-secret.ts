import type { DescField } from "@bufbuild/protobuf";

/** Whether the values of a field are secret: the protos mark it with `debug_redact`. */
export function isSecret(field: DescField): boolean {
  return field.proto.options?.debugRedact === true;
}
