import type { DescMethod, JsonValue, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { mayBeJson } from "../rest/may-be-json.js";
import { describeUnexpectedContent } from "../rest/describe-unexpected-content.js";
import { createDetailDecoder, type DetailDecoder } from "../rest/error-details.js";
import {
  decodeErrorResponse,
  errorFromJson,
  hasStatusCode,
} from "../rest/decode-error-response.js";
import type { RestResponse } from "../rest/response.js";
import { AttemptError } from "../call/attempt-error.js";
import { describeForeignJson } from "./describe-foreign-json.js";
import type { LoadOtherServices } from "./json-settings.js";
import { createForeignPageError } from "./foreign-page-error.js";

/**
 * Creates the error of a failed response, with all known facts. `types` are additional types of error details, which may need
 * `loadOtherServices`.
 */
export async function createJsonError(
  response: RestResponse,
  types: Registry | undefined,
  loadOtherServices: LoadOtherServices | undefined,
): Promise<ConnectError> {
  const error =
    createForeignPageError(response) ??
    (await withDetails(types, loadOtherServices, (read) => decodeErrorResponse(response, read)));
  return AttemptError.with(error, {
    httpStatus: response.status,
    isFromZitadel: hasStatusCode(response),
  });
}

/** Creates the error for a line of a stream that is not a message. */
export async function createLineError(
  line: JsonValue,
  { status, headers }: Pick<RestResponse, "status" | "headers">,
  types: Registry | undefined,
  loadOtherServices: LoadOtherServices | undefined,
): Promise<ConnectError> {
  const sent = await withDetails(types, loadOtherServices, (read) =>
    errorFromJson(line, status, headers, read),
  );
  return AttemptError.with(
    sent ??
      new ConnectError("the stream has a line without result or error", Code.Internal, headers),
    { httpStatus: status, isFromZitadel: sent !== undefined },
  );
}

/** Creates the error of a response with a success status that cannot be decoded as the method's output. */
export function createUnreadableResponseError(
  error: unknown,
  { output }: DescMethod,
  response: RestResponse,
): ConnectError {
  const { status, headers, body } = response;
  const thrown = ConnectError.from(error);
  const facts = { httpStatus: status };
  if (body.length === 0) {
    const text = `the server answered HTTP ${status} with an empty body instead of a ${output.typeName}`;
    return AttemptError.with(new ConnectError(text, Code.Internal, headers), facts);
  }
  if (thrown.code !== Code.Unknown) {
    return AttemptError.with(createForeignPageError(response) ?? thrown, facts);
  }
  const contentType = headers.get("content-type") ?? "";
  if (mayBeJson(contentType)) {
    const text = `the server answered HTTP ${status} with JSON that is not a ${output.typeName}${describeForeignJson(response)}`;
    return AttemptError.with(new ConnectError(text, thrown.code, headers), {
      ...facts,
      isUnusable: true,
      misrouting: "foreign",
    });
  }
  const page = createForeignPageError(response);
  return page === undefined
    ? new AttemptError(describeUnexpectedContent(status, contentType), thrown.code, facts, {
        metadata: headers,
      })
    : AttemptError.with(page, facts);
}

/** Decodes error details with the compact codec. If a detail needs the codec of protobuf-es, loads that and decodes again. */
async function withDetails<T>(
  types: Registry | undefined,
  loadOtherServices: LoadOtherServices | undefined,
  decode: (read: DetailDecoder) => T,
): Promise<T> {
  let needsOtherCodec = false;
  const decoded = decode(createDetailDecoder(types, () => (needsOtherCodec = true)));
  if (!needsOtherCodec) {
    return decoded;
  }
  // If the codec cannot be loaded, report the error with undecoded details.
  const loaded = await loadOtherServices?.().catch(() => undefined);
  return loaded === undefined ? decoded : decode(loaded.createAnyDetailDecoder(types));
}
