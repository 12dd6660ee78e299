import { type AzureADTenant, AzureADTenantType } from "../../services/idp.js";

/** The value of a tenant in a message. */
type TenantType =
  | { readonly case: "tenantId"; readonly value: string }
  | { readonly case: "tenantType"; readonly value: AzureADTenantType };

/** The tenant types by the tenant ids that the server reads as these types. One text can therefore express both. */
const tenantTypes: Readonly<Record<string, AzureADTenantType>> = {
  common: AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
  organizations: AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS,
  consumers: AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS,
};

/** Returns a tenant as the server stores it: as a tenant type if the text is the name of one, otherwise as a tenant id. */
export function textToTenant(text: string): TenantType {
  const value = tenantTypes[text];
  return value === undefined ? { case: "tenantId", value: text } : { case: "tenantType", value };
}

/** Returns the text of a tenant. A missing or unknown tenant type becomes `common`. */
export function tenantToText(tenant: AzureADTenant | undefined): string {
  const { type } = tenant ?? {};
  if (type?.case === "tenantId") {
    return type.value;
  }
  const known = Object.entries(tenantTypes).find(([, value]) => value === type?.value);
  return known?.[0] ?? "common";
}

/** Returns false for a tenant type that this version does not know. */
export function isKnownTenant({ type }: AzureADTenant): boolean {
  return type.case !== "tenantType" || Object.values(tenantTypes).includes(type.value);
}
