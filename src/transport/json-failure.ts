import type { DescMethod, JsonValue, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { mayBeJson } from "../rest/may-be-json.js";
import { describeUnexpectedContent as unexpectedContent } from "../rest/describe-unexpected-content.js";
import {
  createErrorRegistry as errorRegistry,
  createDetailDecoder as ownDetailReader,
  type DetailDecoder as ReadDetail,
} from "../rest/error-details.js";
import {
  decodeErrorResponse as decodeError,
  errorFromJson,
  hasStatusCode,
} from "../rest/decode-error-response.js";
import type { RestResponse } from "../rest/response.js";
import { withEvidence } from "../call/evidence.js";
import { foreignJson } from "./foreign-json.js";
import { foreignPage } from "./foreign-page.js";

/** Creates the error of a failed response, with all known facts. `types` are additional types of error details. */
export async function jsonFailure(
  response: RestResponse,
  types: Registry | undefined,
): Promise<ConnectError> {
  const error =
    foreignPage(response) ?? (await withDetails(types, (read) => decodeError(response, read)));
  return withEvidence(error, { httpStatus: response.status, spoken: hasStatusCode(response) });
}

/** Creates the error for a line of a stream that is not a message. */
export async function lineFailure(
  line: JsonValue,
  { status, headers }: Pick<RestResponse, "status" | "headers">,
  types: Registry | undefined,
): Promise<ConnectError> {
  const told = await withDetails(types, (read) => errorFromJson(line, status, headers, read));
  return withEvidence(
    told ??
      new ConnectError("the stream has a line without result or error", Code.Internal, headers),
    { httpStatus: status, spoken: told !== undefined },
  );
}

/** Creates the error of a response with a success status that cannot be decoded as the method's output. */
export function unreadableAnswer(
  error: unknown,
  { output }: DescMethod,
  response: RestResponse,
): ConnectError {
  const { status, headers, body } = response;
  const told = ConnectError.from(error);
  const known = { httpStatus: status };
  if (body.length === 0) {
    const text = `the server answered HTTP ${status} with an empty body instead of a ${output.typeName}`;
    return withEvidence(new ConnectError(text, Code.Internal, headers), known);
  }
  if (told.code !== Code.Unknown) {
    return withEvidence(foreignPage(response) ?? told, known);
  }
  const contentType = headers.get("content-type") ?? "";
  if (mayBeJson(contentType)) {
    const text = `the server answered HTTP ${status} with JSON that is no ${output.typeName}${foreignJson(response)}`;
    return withEvidence(new ConnectError(text, told.code, headers), { ...known, useless: true });
  }
  const text = unexpectedContent(status, contentType);
  return withEvidence(foreignPage(response) ?? new ConnectError(text, told.code, headers), known);
}

/** Decodes with our own codec, and again with protobuf-es's codec if a detail needs it. That codec is loaded on demand. */
async function withDetails<T>(
  types: Registry | undefined,
  decode: (read: ReadDetail) => T,
): Promise<T> {
  const registry = errorRegistry(types);
  let isMore = false;
  const decoded = decode(ownDetailReader(registry, () => (isMore = true)));
  if (!isMore) {
    return decoded;
  }
  // Without the codec, the details stay undecoded, because they are worth less than the error that they belong to.
  const loaded = await import("#other-services").catch(() => undefined);
  return loaded === undefined ? decoded : decode(loaded.createAnyDetailDecoder(registry));
}
