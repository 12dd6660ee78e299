import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { texts } from "./texts.js";

/** The key behind the text of an error, for those that are translated. */
const keys = new WeakMap<ConnectError, { id: string; key: string }>();

/**
 * An error as ZITADEL's commands and queries give it: the text of a key, an id behind it, and both again as a detail.
 * `translate` puts the text into the caller's language.
 */
export function problem(code: Code, id: string, key: string): ConnectError {
  const error = rawProblem(code, id, texts["en"]?.[key] ?? key);
  keys.set(error, { id, key });
  return error;
}

/** The same for texts that are never translated: those of authentication and permission. */
export function rawProblem(code: Code, id: string, text: string): ConnectError {
  const error = new ConnectError(`${text} (${id})`, code);
  error.details = [detail(id, text)];
  return error;
}

/** What the database says of a string with a NUL in it: an error without an id. */
export function databaseProblem(text: string): ConnectError {
  const error = new ConnectError(`unknown database error: ${text} ()`, Code.Unknown);
  error.details = [detail("", `unknown database error: ${text}`)];
  return error;
}

/** The error in a language, as far as there is a text for it. A key without any text goes out as it is. */
export function translate(error: ConnectError, language: string): ConnectError {
  const known = keys.get(error);
  const text = known && texts[language]?.[known.key];
  return known === undefined || text === undefined ? error : rawProblem(error.code, known.id, text);
}

function detail(id: string, message: string): ConnectError["details"][number] {
  return { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, { id, message }) };
}
