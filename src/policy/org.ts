import type { Interceptor } from "@connectrpc/connect";
import { callOf } from "../call/call.js";
import { createOrgIdHeaders } from "./org-id-header.js";
import { recordTarget } from "./record-target.js";
import { setHeaders } from "./set-headers.js";
import { setMissingFields } from "./set-missing-fields.js";

/**
 * Creates an interceptor that sends `orgId` as the organization of every call. A header that the call sets itself takes
 * precedence.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl, interceptors: [auth(token), org("69629023906488334")] });
 */
export function org(orgId: string): Interceptor {
  const orgIdHeaders = createOrgIdHeaders(orgId);
  return (next) => (request) => {
    const fields = Object.fromEntries(request.header);
    setMissingFields(fields, orgIdHeaders);
    setHeaders(request.header, fields);
    const call = callOf(request.contextValues);
    if (call !== undefined) {
      recordTarget(call, fields);
    }
    return next(request);
  };
}
