/** Where ZITADEL mounts the REST gateway of a v1 service: in front of the annotated paths. Any other service has no prefix. */
export const gatewayPrefixes: Readonly<Record<string, string>> = {
  "zitadel.management.v1.ManagementService": "/management/v1",
  "zitadel.admin.v1.AdminService": "/admin/v1",
};
