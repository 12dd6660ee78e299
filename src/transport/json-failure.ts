import type { JsonValue, Registry } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { errorRegistry, ownDetailReader, type ReadDetail } from "../rest/detail.js";
import { decodeError, errorFromJson, hasStatusCode } from "../rest/error.js";
import type { RestResponse } from "../rest/response.js";
import { withEvidence } from "./evidence.js";
import { foreignPage } from "./foreign-page.js";

/** The error of a response without success, with what is known of it. `types` are those of details, besides our own. */
export async function jsonFailure(
  response: RestResponse,
  types: Registry | undefined,
): Promise<ConnectError> {
  const error =
    foreignPage(response) ?? (await withDetails(types, (read) => decodeError(response, read)));
  return withEvidence(error, { httpStatus: response.status, spoken: hasStatusCode(response) });
}

/** The error in a line of a stream that is no message. */
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

/** An error that came up in reading a response, with what is known of that. */
export function withStatus(error: unknown, response: RestResponse): ConnectError {
  return withEvidence(foreignPage(response) ?? ConnectError.from(error), {
    httpStatus: response.status,
  });
}

/** Decodes with our own codec, and once more with protobuf-es's, which has to be loaded, if a detail needs that. */
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
  // Details that cannot be decoded are worth less than the error that they belong to.
  const loaded = await import("#foreign").catch(() => undefined);
  return loaded === undefined ? decoded : decode(loaded.detailReader(registry));
}
