import { isError } from "../../utils/is-error.js";

/** Returns the text of protobuf-go for the mistake on which protobuf-es failed to decode a message. */
export function describeBinaryMistake(cause: unknown): string {
  // Only the text decoder throws a TypeError.
  return isError(cause) && cause.name === "TypeError"
    ? "string field contains invalid UTF-8"
    : "proto: cannot parse invalid wire-format data";
}
