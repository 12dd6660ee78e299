import { create } from "@bufbuild/protobuf";
import { encodeQuery } from "./encode-query.js";
import { createHttpBody, isHttpBody, readHttpBody } from "./http-body.js";
import type { MessageView } from "./json/message-view.js";
import type { ExtraEncodings } from "./rest-binding.js";

export const extraEncodings: ExtraEncodings = {
  encodeQuery,
  encodeHttpBody(input, body, fields) {
    const desc = body === "*" ? input : body.fieldKind === "message" ? body.message : undefined;
    return isHttpBody(desc)
      ? readHttpBody(body === "*" ? fields : (fields.get(body) as MessageView))
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
