import type { Interceptor } from "@connectrpc/connect";
import { callOf } from "../call/call.js";

/**
 * The name of the header with the organization id of a call.
 *
 * ZITADEL checks it on every call, also of the AdminService: an organization that never existed gives `permission_denied`
 * (AUTH-Bs7Ds). Without the header, the organization that owns the calling user applies.
 */
export const orgIdHeader = "x-zitadel-orgid";

/** Creates the header that names the organization of a call, or no header without an id. */
export function createOrgIdHeaders(orgId: string | undefined): Readonly<Record<string, string>> {
  return orgId === undefined ? {} : { [orgIdHeader]: orgId };
}

/**
 * Creates an interceptor that sends `orgId` as the organization of every call. A header that the call sets itself takes
 * precedence.
 *
 * @example
 * const transport = createJsonTransport({ baseUrl, interceptors: [auth(token), org("69629023906488334")] });
 */
export function org(orgId: string): Interceptor {
  return (next) => (request) => {
    const { header, contextValues } = request;
    if (!header.has(orgIdHeader)) {
      header.set(orgIdHeader, orgId);
    }
    const call = callOf(contextValues);
    if (call !== undefined) {
      call.orgId = header.get(orgIdHeader) ?? undefined;
    }
    return next(request);
  };
}
