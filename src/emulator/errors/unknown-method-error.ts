import { Code, ConnectError } from "@connectrpc/connect";

/** Creates grpc-go's error for a method that a service does not have. */
export function createUnknownMethodError(service: string, method: string): ConnectError {
  return new ConnectError(`unknown method ${method} for service ${service}`, Code.Unimplemented);
}
