import { Code } from "@connectrpc/connect";
import { isGatewayStatus } from "../utils/gateway-status.js";

/**
 * The HTTP status of each code in grpc-gateway's table. Several codes share 400, 409 and 500, so only the body identifies the
 * code.
 */
const statuses: Readonly<Record<Code, number>> = {
  [Code.Canceled]: 499,
  [Code.Unknown]: 500,
  [Code.InvalidArgument]: 400,
  [Code.DeadlineExceeded]: 504,
  [Code.NotFound]: 404,
  [Code.AlreadyExists]: 409,
  [Code.PermissionDenied]: 403,
  [Code.ResourceExhausted]: 429,
  [Code.FailedPrecondition]: 400,
  [Code.Aborted]: 409,
  [Code.OutOfRange]: 400,
  [Code.Unimplemented]: 501,
  [Code.Internal]: 500,
  [Code.Unavailable]: 503,
  [Code.DataLoss]: 500,
  [Code.Unauthenticated]: 401,
};

/** Returns the HTTP status of a code in grpc-gateway. */
export function statusFromCode(code: Code): number {
  return statuses[code];
}

/**
 * The codes for statuses without a code in the body: Google's table for REST, with the statuses of proxies and HTTP servers that
 * this table omits.
 *
 * The table of gRPC and gRPC-web differs: there 400 is `internal` and 404 is `unimplemented`.
 */
const codes: Readonly<Partial<Record<number, Code>>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  405: Code.Unimplemented,
  408: Code.DeadlineExceeded,
  409: Code.Aborted,
  410: Code.NotFound,
  412: Code.FailedPrecondition,
  413: Code.ResourceExhausted,
  415: Code.InvalidArgument,
  416: Code.OutOfRange,
  422: Code.InvalidArgument,
  429: Code.ResourceExhausted,
  431: Code.ResourceExhausted,
  499: Code.Canceled,
  501: Code.Unimplemented,
  504: Code.DeadlineExceeded,
};

/** Returns the code for the HTTP status of a response without a code in its body. */
export function codeFromStatus(status: number): Code {
  const code = codes[status] ?? (isGatewayStatus(status) ? Code.Unavailable : undefined);
  return code ?? (status >= 500 && status < 600 ? Code.Internal : Code.Unknown);
}
