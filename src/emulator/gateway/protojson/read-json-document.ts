import type { DescMessage, Message } from "@bufbuild/protobuf";
import { findSyntaxMistake } from "./find-syntax-mistake.js";
import { JsonReader } from "./json-reader.js";
import { readMessage } from "./read-message.js";

/**
 * Reads a message from a text that must end after the message, as protobuf-go reads requests of v2 services. The text has one
 * character for each byte.
 *
 * Throws a ConnectError with `invalid_argument` for the first mistake in the text, of syntax or of content.
 */
export function readJsonDocument(text: string, desc: DescMessage): Message {
  const reader = new JsonReader(text, findSyntaxMistake(text));
  const message = readMessage(reader, desc);
  reader.expectEnd();
  return message;
}
