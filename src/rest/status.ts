import { Code } from "@connectrpc/connect";

/** The HTTP status of each code in grpc-gateway's table. Three of them are shared: only the body tells which code it was. */
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

/** The HTTP status that grpc-gateway gives a code. */
export function statusFromCode(code: Code): number {
  return statuses[code];
}

/**
 * Google's table for REST, used only when the body has no code, with the statuses of proxies and HTTP servers that it
 * leaves out. Not the table of gRPC and gRPC-web, where 400 is `internal` and 404 `unimplemented`.
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
  502: Code.Unavailable,
  503: Code.Unavailable,
  504: Code.DeadlineExceeded,
};

/** The code that a bare HTTP status stands for. */
export function codeFromStatus(status: number): Code {
  return codes[status] ?? (status >= 500 && status < 600 ? Code.Internal : Code.Unknown);
}
