import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";

/**
 * The English texts of the keys that the server translates. A key that is not here has no translation on the server
 * either: it goes out as it is, in every language.
 */
const texts: Readonly<Record<string, string>> = {
  "Errors.IDPConfig.NotExisting": "Identity Provider Configuration doesn't exist",
  "Errors.IDPConfig.AlreadyExists": "IDP Configuration with this name already exists",
};

/** An error as ZITADEL's commands and queries give it: the text, its id behind it, and both again as a detail. */
export function problem(code: Code, id: string, key: string): ConnectError {
  return rawProblem(code, id, texts[key] ?? key);
}

/** The same for texts that are never translated: those of authentication and permission. */
export function rawProblem(code: Code, id: string, text: string): ConnectError {
  const error = new ConnectError(`${text} (${id})`, code);
  error.details = [
    { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, { id, message: text }) },
  ];
  return error;
}
