import type {
  DescMessage,
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  Message,
  MessageShape,
} from "@bufbuild/protobuf";
import { readJson } from "./read-json.js";
import { type MessageView, createMessageView } from "./message-view.js";
import { writeJson } from "./write-json.js";

/** A codec for the JSON form of messages, with access to their fields. */
export interface JsonCodec {
  reflect(desc: DescMessage, message: Message): MessageView;
  toJson(desc: DescMessage, message: Message, options?: Partial<JsonWriteOptions>): JsonValue;
  fromJson<Desc extends DescMessage>(
    desc: Desc,
    json: JsonValue,
    options?: Partial<JsonReadOptions>,
  ): MessageShape<Desc>;
}

/**
 * A codec for messages that pass `compactCodecSupports`.
 *
 * The codec of protobuf-es supports every message, but brings google/protobuf/descriptor.proto and all well-known types: a browser
 * would load half as much again (`npm run size`).
 */
export const compactCodec: JsonCodec = {
  toJson: writeJson,
  fromJson: readJson,
  reflect: createMessageView,
};
