import { Code, type StreamRequest, type UnaryRequest } from "@connectrpc/connect";
import { toCodeName, type ZitadelError } from "../policy/errors/zitadel-error.js";
import type { Attributes } from "../policy/observe/hooks.js";
import { toServerAttributes } from "../policy/observe/server-attributes.js";
import { parseUrl } from "../utils/parse-url.js";

/** The name of the instrumentation scope of all spans and metrics. */
export const scopeName = "zitadel-idp";

/**
 * The version of OpenTelemetry's semantic conventions that spans and metrics follow. Names that begin with `zitadel.` are our own,
 * because the conventions have none for them.
 */
export const schemaUrl = "https://opentelemetry.io/schemas/1.45.0";

/** Returns the attributes of a call by their stable names. The attributes in the events of hooks have older names. */
export function toStableCallAttributes(event: Attributes): Attributes {
  const {
    "rpc.system": system = "grpc",
    "rpc.service": service = "",
    "rpc.method": method = "",
    "server.address": address,
    "server.port": port,
  } = event;
  return {
    "rpc.system.name": system,
    "rpc.method": `${service}/${method}`,
    ...(address !== undefined && { "server.address": address }),
    ...(port !== undefined && { "server.port": port }),
  };
}

/**
 * Returns the attributes of a request that an interceptor gets. Transports of the caller give no address of the server.
 *
 * `rpc.system.name` is missing: with it, backends would count each attempt as another call.
 */
export function createRequestAttributes({
  service,
  method,
  url,
}: UnaryRequest | StreamRequest): Attributes {
  const parsed = parseUrl(url);
  return {
    "rpc.method": `${service.typeName}/${method.name}`,
    ...(parsed && toServerAttributes(parsed)),
  };
}

/** Returns the attributes that show the result of a call or of an attempt, in spans and metrics. */
export function createResultAttributes(failure: Failure | undefined): Attributes {
  if (failure === undefined) {
    return { "rpc.status_code": "OK" };
  }
  const status = toStatusName(failure.code);
  return { "rpc.status_code": status, "error.type": failure.reason ?? status };
}

/** A failed call, or a failed attempt for which only the code is known. */
export type Failure = Pick<ZitadelError, "code"> & Partial<Pick<ZitadelError, "reason">>;

/** Returns the name of a code in gRPC, e.g. `NOT_FOUND`. */
function toStatusName(code: Code): string {
  // gRPC spells this one in British English.
  return code === Code.Canceled ? "CANCELLED" : toCodeName(code).toUpperCase();
}

/** Returns the attributes of a failure that only spans have, because they have too many values for a metric. */
export function createSpanErrorAttributes({ id, outcome, httpStatus }: ZitadelError): Attributes {
  return {
    ...(id !== undefined && { "zitadel.error.id": id }),
    "zitadel.outcome": outcome,
    ...(httpStatus !== undefined && { "http.response.status_code": httpStatus }),
  };
}
