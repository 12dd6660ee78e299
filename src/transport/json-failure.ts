import type { JsonValue, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { decodeError, errorFromJson, errorRegistry, hasStatusCode } from "../rest/error.js";
import type { RestResponse } from "../rest/response.js";
import { withEvidence } from "./evidence.js";
import { foreignPage } from "./foreign-page.js";

/** The error of a response without success, with what is known of it. `types` are those of details, besides our own. */
export function jsonFailure(response: RestResponse, types: Registry | undefined): ConnectError {
  return withEvidence(foreignPage(response) ?? decodeError(response, errorRegistry(types)), {
    httpStatus: response.status,
    spoken: hasStatusCode(response),
  });
}

/** The error in a line of a stream that is no message. */
export function lineFailure(
  line: JsonValue,
  { status, headers }: Pick<RestResponse, "status" | "headers">,
  types: Registry | undefined,
): ConnectError {
  const told = errorFromJson(line, status, headers, errorRegistry(types));
  return withEvidence(
    told ??
      new ConnectError("the stream has a line without result or error", Code.Internal, headers),
    { httpStatus: status, spoken: told !== undefined },
  );
}

/** An error that came up in reading a response, with what is known of that. */
export function withStatus(error: unknown, response: RestResponse): ConnectError {
  return withEvidence(foreignPage(response) ?? ConnectError.from(error), {
    httpStatus: response.status,
  });
}
