import type { DescMethod } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { DecodedCall } from "./decoded-call.js";
import { isV2Service } from "./v2-service.js";
import { createInstanceError } from "./requested-host.js";
import {
  createDatabaseError,
  createLibraryError,
  createMissingOrganizationError,
} from "../errors/server-error.js";

/** The time in milliseconds of the fastest recorded response. Handlers take no relevant time, so longer timeouts do not expire. */
export const fastestResponseMs = 5;

/** Creates the error of a deadline that grpc-go or the gateway itself keeps. */
export function createExpiredDeadlineError(): ConnectError {
  return new ConnectError("context deadline exceeded", Code.DeadlineExceeded);
}

/**
 * Creates the error of a deadline that expires before the call is carried out, as a caller of gRPC or gRPC-web gets it. The first
 * check that reads the database fails, and reports its own failure: that of the instance, or in v2 services, which find the
 * instance before the deadline is set, that of the organization.
 */
export function createEarlyDeadlineError(
  domain: string,
  { method, authority, metadata }: Pick<DecodedCall, "method" | "authority" | "metadata">,
): ConnectError {
  return isV2Service(method.parent.typeName)
    ? createMissingOrganizationError()
    : createInstanceError(
        { domain, authority, headers: metadata },
        Code.Internal,
        "ID=QUERY-d3fas Message=An internal error occurred Parent=(timeout: context deadline exceeded)",
      );
}

/** Creates the error of a deadline that expires while the result is read, or after a write was carried out. */
export function createLateDeadlineError({ name }: Pick<DescMethod, "name">): ConnectError {
  const text = "timeout: context deadline exceeded";
  const isRead = name.startsWith("Get") || name.startsWith("List");
  return isRead ? createLibraryError(text) : createDatabaseError(text);
}
