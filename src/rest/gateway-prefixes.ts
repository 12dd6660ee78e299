/**
 * The prefixes at which ZITADEL mounts the REST gateways of the v1 services, before the annotated paths. Other services have no
 * prefix.
 */
export const gatewayPrefixes: Readonly<Record<string, string>> = {
  "zitadel.management.v1.ManagementService": "/management/v1",
  "zitadel.admin.v1.AdminService": "/admin/v1",
  "zitadel.auth.v1.AuthService": "/auth/v1",
};
