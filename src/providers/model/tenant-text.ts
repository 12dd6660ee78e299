import { tenantTypes } from "../../formats/azure-tenant.js";
import type { AzureADTenant } from "../../services/idp.js";

/** Returns the text of a tenant. A missing or unknown tenant type becomes `common`. */
export function tenantToText(tenant: AzureADTenant | undefined): string {
  const { type } = tenant ?? {};
  if (type?.case === "tenantId") {
    return type.value;
  }
  const known = [...tenantTypes].find(([, value]) => value === type?.value);
  return known?.[0] ?? "common";
}

/** Returns false for a tenant type that this version does not know. */
export function isKnownTenant({ type }: AzureADTenant): boolean {
  return type.case !== "tenantType" || [...tenantTypes.values()].includes(type.value);
}
