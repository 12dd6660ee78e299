import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema } from "../../../gen/zitadel/message_pb.js";
import { errorTexts } from "./error-texts.js";

/** The ids and translation keys of errors whose text is translated. */
const translationKeys = new WeakMap<ConnectError, { id: string; key: string }>();

/**
 * Creates an error as ZITADEL's commands and queries return it: the text of a key followed by an id, and both again as a detail.
 *
 * The text is English. `translateError` replaces it with the text in the caller's language.
 */
export function createServerError(code: Code, id: string, key: string): ConnectError {
  const error = createUntranslatedServerError(code, id, errorTexts["en"]?.[key] ?? key);
  translationKeys.set(error, { id, key });
  return error;
}

/** Creates an error whose text is never translated: those of authentication and permission. */
export function createUntranslatedServerError(code: Code, id: string, text: string): ConnectError {
  const error = new ConnectError(`${text} (${id})`, code);
  error.details = [createErrorDetail(id, text)];
  return error;
}

/** Creates the error for an unknown, expired or revoked token. */
export function createInvalidTokenError(): ConnectError {
  return createUntranslatedServerError(Code.Unauthenticated, "AUTH-7fs1e", "Errors.Token.Invalid");
}

/** Creates the error for an organization that does not exist, or whose check failed. */
export function createMissingOrganizationError(): ConnectError {
  return createUntranslatedServerError(
    Code.PermissionDenied,
    "AUTH-Bs7Ds",
    "Organisation doesn't exist",
  );
}

/** Creates the error of a statement that the database rejects. It has no id. */
export function createDatabaseError(text: string): ConnectError {
  return createLibraryError(`unknown database error: ${text}`);
}

/** Creates an error of one of the server's libraries, which has a text but no id. */
export function createLibraryError(text: string): ConnectError {
  const error = new ConnectError(`${text} ()`, Code.Unknown);
  error.details = [createErrorDetail("", text)];
  return error;
}

/**
 * Translates an error. Returns the error unchanged if it has no text in `language`; an error whose key has no text at all shows the key.
 */
export function translateError(error: ConnectError, language: string): ConnectError {
  const translation = translationKeys.get(error);
  const text = translation && errorTexts[language]?.[translation.key];
  return translation === undefined || text === undefined
    ? error
    : createUntranslatedServerError(error.code, translation.id, text);
}

function createErrorDetail(id: string, message: string): ConnectError["details"][number] {
  return { desc: ErrorDetailSchema, value: create(ErrorDetailSchema, { id, message }) };
}
