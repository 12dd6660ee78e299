import { Code } from "@connectrpc/connect";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-grpc";
import { isGatewayStatus } from "../utils/gateway-status.js";

/** Returns the code of an HTTP status that came without a code of ZITADEL, by gRPC's table and, for proxies, `isGatewayStatus`. */
export function codeOfHttpStatus(status: number): Code {
  return isGatewayStatus(status) ? Code.Unavailable : codeFromHttpStatus(status);
}
