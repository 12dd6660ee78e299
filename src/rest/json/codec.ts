import type {
  DescMessage,
  JsonReadOptions,
  JsonValue,
  JsonWriteOptions,
  Message,
  MessageShape,
} from "@bufbuild/protobuf";
import { fromJson } from "./read.js";
import { type MessageView, viewOf } from "./view.js";
import { toJson } from "./write.js";

/** Writes and reads the JSON form of messages, and gives what else is written of them. */
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
 * For messages that `fitsOwnCodec`. protobuf-es's does the same for every message, and comes with google/protobuf/descriptor.proto
 * and all well-known types: a third of what a browser had to load.
 */
export const ownCodec: JsonCodec = { toJson, fromJson, reflect: viewOf };
