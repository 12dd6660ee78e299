import { type AzureADTenant, AzureADTenantType } from "../../../gen/zitadel/idp_pb.js";

const tenants: Readonly<Record<AzureADTenantType, string>> = {
  [AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON]: "common",
  [AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS]: "organizations",
  [AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS]: "consumers",
};

/** Returns the name of a tenant, as the server stores it and Microsoft's URLs have it. */
export function nameAzureTenant(tenant: AzureADTenant | undefined): string {
  const type = tenant?.type;
  return type?.case === "tenantId"
    ? type.value
    : tenants[type?.value ?? AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON];
}
