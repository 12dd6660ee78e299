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
