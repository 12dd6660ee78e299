import { AzureADTenantType } from "../../gen/zitadel/idp_pb.js";

/** The value of a tenant in a message. */
type TenantType =
  | { readonly case: "tenantId"; readonly value: string }
  | { readonly case: "tenantType"; readonly value: AzureADTenantType };

/** The tenant types by the tenant ids that the server reads as these types. One text can therefore express both. */
export const tenantTypes: ReadonlyMap<string, AzureADTenantType> = new Map([
  ["common", AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON],
  ["organizations", AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS],
  ["consumers", AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS],
]);

/** Returns a tenant as the server stores it: as a tenant type if the text is the name of one, otherwise as a tenant id. */
export function textToTenant(text: string): TenantType {
  const value = tenantTypes.get(text);
  return value === undefined ? { case: "tenantId", value: text } : { case: "tenantType", value };
}
