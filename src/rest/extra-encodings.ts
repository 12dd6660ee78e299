import { create } from "@bufbuild/protobuf";
import { encodeQuery } from "./encode-query.js";
import { createHttpBody, isHttpBody, readHttpBody } from "./http-body.js";
import type { MessageView } from "./json/message-view.js";
import type { ExtraEncodings } from "./rest-method.js";

/** The encodings that only RPCs of other services need. */
export const extraEncodings: ExtraEncodings = {
  encodeQuery,
  encodeHttpBody(input, body, fields) {
    if (body === "*") {
      return isHttpBody(input) ? readHttpBody(fields) : undefined;
    }
    return body.fieldKind === "message" && isHttpBody(body.message)
      ? readHttpBody(fields.get(body) as MessageView)
      : undefined;
  },
  decodeHttpBody(output, responseBody, contentType, bytes) {
    const desc = responseBody ? responseBody.message : output;
    if (!isHttpBody(desc) || responseBody?.fieldKind === "list") {
      return undefined;
    }
    const httpBody = createHttpBody(desc, contentType, bytes);
    if (responseBody === undefined) {
      return httpBody;
    }
    const { localName, oneof } = responseBody;
    return create(
      output,
      oneof
        ? { [oneof.localName]: { case: localName, value: httpBody } }
        : { [localName]: httpBody },
    );
  },
};
