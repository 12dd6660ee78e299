import { create } from "@bufbuild/protobuf";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import type { EncodedBody } from "./body.js";
import { createHttpBody, isHttpBody, readHttpBody } from "./http-body.js";
import type { MessageView } from "./json/view.js";
import { encodeQuery } from "./query.js";

/** The encodings that only RPCs of other APIs use. They are loaded together with such RPCs. */
export interface ForeignForms {
  /** Encodes the fields that are neither in the path nor in the body. */
  readonly encodeQuery: typeof encodeQuery;
  /** Returns the body of a request that is a google.api.HttpBody, or `undefined` for any other. */
  encodeRaw(
    input: DescMessage,
    body: DescField | "*",
    fields: MessageView,
  ): EncodedBody | undefined;
  /** Returns the message of a response that is a google.api.HttpBody, or `undefined` for any other. */
  decodeRaw(
    output: DescMessage,
    responseBody: DescField | undefined,
    contentType: string,
    bytes: Uint8Array,
  ): Message | undefined;
}

export const foreignForms: ForeignForms = {
  encodeQuery,
  encodeRaw(input, body, fields) {
    const desc = body === "*" ? input : body.fieldKind === "message" ? body.message : undefined;
    if (!isHttpBody(desc)) {
      return undefined;
    }
    const { contentType, data } = readHttpBody(
      body === "*" ? fields : (fields.get(body) as MessageView),
    );
    return { body: data, contentType };
  },
  decodeRaw(output, responseBody, contentType, bytes) {
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
