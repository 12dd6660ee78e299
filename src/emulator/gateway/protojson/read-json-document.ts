import type { DescMessage, Message } from "@bufbuild/protobuf";
import { findSyntaxMistake } from "./find-syntax-mistake.js";
import { JsonReader } from "./json-reader.js";
import { readMessage } from "./read-message.js";

/**
 * Reads a message from a text that has one character for each byte and holds nothing but the message. protobuf-go reads requests
 * of newer services in this way; the gateway ignores everything after the message.
 *
 * Throws a ConnectError with `invalid_argument` for the first mistake in the text, of syntax or of content.
 */
export function readJsonDocument(text: string, desc: DescMessage): Message {
  const reader = new JsonReader(text, findSyntaxMistake(text));
  const message = readMessage(reader, desc);
  reader.expectEnd();
  return message;
}
