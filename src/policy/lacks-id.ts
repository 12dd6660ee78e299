import type { DescMethod, Message } from "@bufbuild/protobuf";

/** Returns true for an RPC that makes something, and answers with its id, which ZITADEL always gives. */
export function answersWithId({ name, parent, output }: DescMethod): boolean {
  return (
    name.startsWith("Add") &&
    parent.typeName.startsWith("zitadel.") &&
    ("id" in output.field || "idpId" in output.field)
  );
}

/** Returns true for an answer of such an RPC without the id. An empty message is an answer to every wire. */
export function lacksId(message: Message): boolean {
  const { id, idpId } = message as unknown as Readonly<Record<string, unknown>>;
  return !id && !idpId;
}
