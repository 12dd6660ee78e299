import { create, createRegistry, fromBinary, toJson } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue, Registry } from "@bufbuild/protobuf";
import { AnySchema, anyPack } from "@bufbuild/protobuf/wkt";
import { Code, type ConnectError } from "@connectrpc/connect";
import { isJsonObject } from "../utils/is-json-object.js";
import type { ErrorDetail } from "./error-details.js";
import { statusFromCode } from "./http-status.js";

const typePrefix = "type.googleapis.com/";

/** Encodes the response to a failed call as ZITADEL's gateway does. An empty list of details is omitted. */
export function encodeErrorResponse(
  error: ConnectError,
  registry: Registry,
): { status: number; headers: Record<string, string>; body: string } {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (error.code === Code.Unauthenticated) {
    headers["www-authenticate"] = error.rawMessage;
  }
  return {
    status: statusFromCode(error.code),
    headers,
    body: JSON.stringify(errorToJson(error, registry)),
  };
}

/** Converts an error to the JSON form of google.rpc.Status. */
function errorToJson(error: ConnectError, registry: Registry): JsonObject {
  return {
    code: error.code,
    ...(error.rawMessage !== "" && { message: error.rawMessage }),
    ...(error.details.length > 0 && {
      details: error.details.map((detail) => encodeDetail(detail, registry)),
    }),
  };
}

function encodeDetail(detail: ErrorDetail, registry: Registry): JsonValue {
  const desc = "desc" in detail ? detail.desc : registry.getMessage(detail.type);
  if (desc === undefined) {
    const { type, debug } = detail as Extract<ErrorDetail, { type: string }>;
    return { "@type": typePrefix + type, ...(isJsonObject(debug) ? debug : {}) };
  }
  const message = "desc" in detail ? create(desc, detail.value) : fromBinary(desc, detail.value);
  const json = toJson(AnySchema, anyPack(desc, message), {
    registry: createRegistry(desc, registry),
  });
  // `@type` comes first, as in the server's JSON.
  return { "@type": "", ...(json as JsonObject) };
}
