import type { DescMethod, Message } from "@bufbuild/protobuf";

/** Returns true for an RPC that creates an object and returns its id. ZITADEL always sends the id. */
export function returnsId({ name, parent, output }: DescMethod): boolean {
  return (
    name.startsWith("Add") &&
    parent.typeName.startsWith("zitadel.") &&
    ("id" in output.field || "idpId" in output.field)
  );
}

/** Returns true if a response has no id. On every wire protocol, an empty body decodes to an empty message. */
export function lacksId(message: Message): boolean {
  const { id, idpId } = message as unknown as Readonly<Record<string, unknown>>;
  return !id && !idpId;
}
