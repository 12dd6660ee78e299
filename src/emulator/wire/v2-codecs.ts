import {
  type DescMessage,
  fromBinary,
  type Message,
  toBinary,
  toJsonString,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { toLatin1 } from "../../utils/to-latin1.js";
import { readJsonDocument } from "../gateway/protojson/read-json-document.js";
import { describeBinaryMistake } from "./describe-binary-mistake.js";

/** The encoding of messages in requests and responses of v2 services. */
export interface MessageCodec {
  /** Decodes a request. Throws a ConnectError with `invalid_argument` and the text of connect-go. */
  readonly decode: (desc: DescMessage, bytes: Uint8Array) => Message;
  readonly encode: (desc: DescMessage, message: Message) => Uint8Array<ArrayBuffer>;
}

/** The codecs of connect-go, the server's library for v2 services. */
export const v2Codecs: Readonly<Record<"json" | "proto", MessageCodec>> = {
  json: {
    decode(desc, bytes) {
      if (bytes.length === 0) {
        throw unmarshalError("zero-length payload is not a valid JSON object");
      }
      return decodeAs(desc, () => readJsonDocument(toLatin1(bytes), desc), readText);
    },
    encode: (desc, message) => new TextEncoder().encode(toJsonString(desc, message)),
  },
  proto: {
    decode: (desc, bytes) => decodeAs(desc, () => fromBinary(desc, bytes), describeBinaryMistake),
    encode: (desc, message) => new Uint8Array(toBinary(desc, message)),
  },
};

function readText(cause: unknown): string {
  return ConnectError.from(cause).rawMessage;
}

/** Decodes a message. The error names the message as Go does, such as `*idp.GetIDPByIDRequest`. */
function decodeAs(
  { name, file }: DescMessage,
  decode: () => Message,
  describe: (cause: unknown) => string,
): Message {
  try {
    return decode();
  } catch (cause) {
    const goPackage = file.proto.package.split(".").at(-2);
    throw unmarshalError(`unmarshal into *${goPackage}.${name}: ${describe(cause)}`);
  }
}

function unmarshalError(reason: string): ConnectError {
  return new ConnectError(`unmarshal message: ${reason}`, Code.InvalidArgument);
}
