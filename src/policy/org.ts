import type { Interceptor } from "@connectrpc/connect";
import { ownInterceptor } from "../transport/unary.js";
import { callRecord } from "../call/call-record.js";

/**
 * The header that names the organization a call is about.
 *
 * ZITADEL checks it on every call, of the Admin API too: an organization that never existed is `permission_denied`
 * (AUTH-Bs7Ds). Without it, the organization that owns the calling user counts.
 */
export const orgIdHeader = "x-zitadel-orgid";

/** Sends `orgId` as the organization of every call that does not name one itself. */
export function org(orgId: string): Interceptor {
  return ownInterceptor((next) => (request) => {
    if (!request.header.has(orgIdHeader)) {
      request.header.set(orgIdHeader, orgId);
    }
    const record = request.contextValues.get(callRecord);
    if (record !== undefined) {
      record.orgId = request.header.get(orgIdHeader) ?? undefined;
    }
    return next(request);
  });
}
