import { create } from "@bufbuild/protobuf";
import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { MessageView } from "./json/message-view.js";

/** The content of a google.api.HttpBody: bytes that are sent as they are, not as JSON. */
export interface HttpBody {
  readonly contentType: string;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** Returns true for the type google.api.HttpBody. */
export function isHttpBody(message: DescMessage | undefined): message is DescMessage {
  return message?.typeName === "google.api.HttpBody";
}

/** Returns the content of a google.api.HttpBody. Without a content type, the content is `application/octet-stream`. */
export function readHttpBody(message: MessageView): HttpBody {
  const [contentType, data] = message.fields;
  return {
    contentType: (contentType && String(message.get(contentType))) || "application/octet-stream",
    data: data ? (message.get(data) as Uint8Array<ArrayBuffer>) : new Uint8Array(),
  };
}

/** Creates a google.api.HttpBody. */
export function createHttpBody(desc: DescMessage, contentType: string, data: Uint8Array): Message {
  const message: Message & Record<string, unknown> = create(desc);
  const values = [contentType, data];
  for (const [index, value] of values.entries()) {
    const name = desc.fields[index]?.localName;
    if (name !== undefined) {
      message[name] = value;
    }
  }
  return message;
}
