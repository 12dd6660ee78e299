import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../connect-error.js";
import { withEvidence } from "../transport/evidence.js";

/** Returns true for an RPC that makes something, and answers with its id, which ZITADEL always gives. */
export function answersWithId({ name, parent, output }: DescMethod): boolean {
  return (
    name.startsWith("Add") &&
    parent.typeName.startsWith("zitadel.") &&
    idNames.some((each) => each in output.field)
  );
}

/** Returns the error of an answer to an Add that has no id. An empty message is one to every wire. */
export function missingId(message: Message): ConnectError | undefined {
  const fields = message as unknown as Readonly<Record<string, unknown>>;
  return idNames.some((each) => typeof fields[each] === "string" && fields[each] !== "")
    ? undefined
    : withEvidence(
        connectError(
          "unknown",
          "the answer has no id, which ZITADEL always gives of what was added: something else may have answered in its place",
        ),
        { useless: true },
      );
}

const idNames = ["id", "idpId"];
