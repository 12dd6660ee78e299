import { Code, ConnectError } from "@connectrpc/connect";
import type { RestMethod } from "./rest-method.js";

/** Creates the error for a message that cannot be sent. `reason` must name fields, never values. */
export function createInvalidMessageError({ method }: RestMethod, reason: string): ConnectError {
  return new ConnectError(`${method.parent.name}.${method.name}: ${reason}`, Code.InvalidArgument);
}
