import { toBinary } from "@bufbuild/protobuf";
import type { DescMessage, JsonObject, Registry } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { ErrorDetailSchema as ErrorDetailV2Schema } from "../../gen/zitadel/error/v2/error_pb.js";
import { CredentialsCheckErrorSchema, ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { compactCodec } from "./json/json-codec.js";
import { compactCodecSupports } from "./json/compact-codec-supports.js";
import { isTimeMessage } from "./json/time-json.js";

/** An error detail in binary form, or as a message with its descriptor. */
export type ErrorDetail = ConnectError["details"][number];

/**
 * A function that converts an error detail from the JSON form of a google.protobuf.Any to binary form. Throws if it cannot decode
 * the detail.
 */
export type DetailDecoder = (detail: JsonObject) => Uint8Array;

/** ZITADEL's types of error details. */
export const zitadelDetailTypes: readonly DescMessage[] = [
  ErrorDetailSchema,
  CredentialsCheckErrorSchema,
  ErrorDetailV2Schema,
];

/**
 * Creates a decoder of details with the compact codec: of ZITADEL's types and those of `more`. Calls `onUnsupported` if that codec
 * does not support the type of a detail.
 */
export function createDetailDecoder(
  more: Registry | undefined,
  onUnsupported: () => void,
): DetailDecoder {
  return (detail) => {
    const { "@type": url, ...content } = detail;
    const name = readTypeName(url);
    const desc =
      more?.getMessage(name) ?? zitadelDetailTypes.find(({ typeName }) => typeName === name);
    if (desc === undefined) {
      if (Object.keys(detail).length === 0) {
        return new Uint8Array();
      }
      throw new Error("the detail is of a type that is not known here");
    }
    if (!compactCodecSupports(desc) || isTimeMessage(desc)) {
      onUnsupported();
    }
    return toBinary(desc, compactCodec.fromJson(desc, content, { ignoreUnknownFields: true }));
  };
}

/** Returns the type name in the URL of a google.protobuf.Any, or "" if there is none. */
export function readTypeName(url: unknown): string {
  return typeof url === "string" ? url.slice(url.lastIndexOf("/") + 1) : "";
}
