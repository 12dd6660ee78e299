import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { texts } from "./texts.js";

/** The ids and translation keys of errors whose text is translated. */
const keys = new WeakMap<ConnectError, { id: string; key: string }>();

/**
 * Creates an error as ZITADEL's commands and queries return it: the text of a key followed by an id, and both again as a detail.
 *
 * The text is English. `translate` replaces it with the text in the caller's language.
 */
export function problem(code: Code, id: string, key: string): ConnectError {
  const error = rawProblem(code, id, texts["en"]?.[key] ?? key);
  keys.set(error, { id, key });
  return error;
}

/** Creates an error whose text is never translated: those of authentication and permission. */
export function rawProblem(code: Code, id: string, text: string): ConnectError {
  const error = new ConnectError(`${text} (${id})`, code);
  error.details = [detail(id, text)];
  return error;
}

/** Creates the error that the database returns for a string that contains a NUL. It has no id. */
export function databaseProblem(text: string): ConnectError {
  const error = new ConnectError(`unknown database error: ${text} ()`, Code.Unknown);
  error.details = [detail("", `unknown database error: ${text}`)];
  return error;
}

/**
 * Translates an error. Returns the error unchanged if there is no text in `language`; a key without any text is sent as it is.
 */
export function translate(error: ConnectError, language: string): ConnectError {
  const known = keys.get(error);
  const text = known && texts[language]?.[known.key];
  return known === undefined || text === undefined ? error : rawProblem(error.code, known.id, text);
}

function detail(id: string, message: string): ConnectError["details"][number] {
  return { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, { id, message }) };
}
