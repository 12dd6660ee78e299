import type { ConnectError } from "@connectrpc/connect";
import { connectError } from "../call/connect-error.js";
import type { RestMethod } from "./rest-binding.js";

/** Creates the error for a message that cannot be sent. `reason` must name fields, never values. */
export function invalidMessageError({ method }: RestMethod, reason: string): ConnectError {
  return connectError("invalid_argument", `${method.parent.name}.${method.name}: ${reason}`);
}
