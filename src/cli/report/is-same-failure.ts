import type { ConnectError } from "@connectrpc/connect";
import { isZitadelError } from "../../index.js";

/** Returns true if two calls failed for the same reason: with the same error of ZITADEL, or with the same kind of failure before it. */
export function isSameFailure(one: ConnectError, other: ConnectError): boolean {
  if (one === other) {
    return true;
  }
  return (
    isZitadelError(one) &&
    isZitadelError(other) &&
    one.code === other.code &&
    one.id === other.id &&
    one.reason === other.reason &&
    (one.id !== undefined || (one.reason !== undefined && one.httpStatus === other.httpStatus))
  );
}
