import { Code, ConnectError } from "@connectrpc/connect";

/** Creates the error that a server returns for a request that it cannot decode. */
export function createBadRequestError(message: string): ConnectError {
  return new ConnectError(message, Code.InvalidArgument);
}
