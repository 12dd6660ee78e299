import { type DescMessage, type Message } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { badRequestError } from "../bad-request.js";
import { findJsonValue } from "./find-json-value.js";
import { JsonReader } from "./json-reader.js";
import { readMessage } from "./read-message.js";

/**
 * Reads a message from a text that has one character for each byte and holds nothing but the message. protobuf-go reads requests
 * of newer services in this way; the gateway ignores everything after the message.
 *
 * Throws a ConnectError with `invalid_argument`. An error about the syntax only resembles that of protobuf-go, unless the text ends
 * too early.
 */
export function readJsonDocument(text: string, desc: DescMessage): Message {
  const end = findEnd(text);
  const reader = new JsonReader(text);
  const message = readMessage(reader, desc);
  if (text.slice(end).trim() !== "") {
    reader.throwUnexpected(reader.read());
  }
  return message;
}

/** Returns the position after the first JSON value, and checks its syntax. */
function findEnd(text: string): number {
  try {
    const value = findJsonValue(text);
    if (value !== undefined) {
      return value.end;
    }
  } catch (reason) {
    const { rawMessage } = ConnectError.from(reason);
    if (rawMessage !== "unexpected EOF") {
      throw badRequestError(`proto: syntax error: ${rawMessage}`);
    }
  }
  throw badRequestError("proto: unexpected EOF");
}
