import { formatTimeoutHeader } from "../call/timeout-header.js";
import { readHeaders } from "../utils/read-headers.js";
import type { HeaderFields } from "./run-attempt.js";

/**
 * Returns the header fields of a request: those of the caller, those of the wire protocol, and the timeout if there is one. Throws a
 * TypeError if a header of the caller is invalid.
 */
export function createRequestFields(
  init: HeadersInit | undefined,
  protocolFields: Readonly<HeaderFields> = {},
  timeoutMs?: number,
): HeaderFields {
  const fields: HeaderFields = {
    ...(init && Object.fromEntries(readHeaders(init))),
    ...protocolFields,
  };
  if (timeoutMs !== undefined) {
    fields["grpc-timeout"] = formatTimeoutHeader(timeoutMs);
  }
  return fields;
}
