import { create } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import type { RequestBody } from "./encode-request-body.js";
import { createHttpBody, isHttpBody, readHttpBody } from "./http-body.js";
import type { MessageView } from "./json/message-view.js";
import { encodeQuery } from "./encode-query.js";

/** The encodings that only RPCs of other APIs use. They are loaded together with such RPCs. */
export interface ExtraEncodings {
  /** Encodes the fields that are neither in the path nor in the body. */
  readonly encodeQuery: typeof encodeQuery;
  /** Returns the body of a request that is a google.api.HttpBody, or `undefined` for any other. */
  encodeHttpBody(
    input: DescMessage,
    body: DescField | "*",
    fields: MessageView,
  ): RequestBody | undefined;
  /** Returns the message of a response that is a google.api.HttpBody, or `undefined` for any other. */
  decodeHttpBody(
    output: DescMessage,
    responseBody: DescField | undefined,
    contentType: string,
    bytes: Uint8Array,
  ): Message | undefined;
}

export const extraEncodings: ExtraEncodings = {
  encodeQuery,
  encodeHttpBody(input, body, fields) {
    const desc = body === "*" ? input : body.fieldKind === "message" ? body.message : undefined;
    if (!isHttpBody(desc)) {
      return undefined;
    }
    const { contentType, data } = readHttpBody(
      body === "*" ? fields : (fields.get(body) as MessageView),
    );
    return { body: data, contentType };
  },
  decodeHttpBody(output, responseBody, contentType, bytes) {
    const desc = responseBody ? responseBody.message : output;
    if (!isHttpBody(desc) || responseBody?.fieldKind === "list") {
      return undefined;
    }
    const raw = createHttpBody(desc, contentType, bytes);
    if (responseBody === undefined) {
      return raw;
    }
    const { localName, oneof } = responseBody;
    return create(
      output,
      oneof ? { [oneof.localName]: { case: localName, value: raw } } : { [localName]: raw },
    );
  },
};
