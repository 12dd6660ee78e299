import { create } from "@bufbuild/protobuf";
import {
  AzureADTenantSchema,
  AzureADTenantType,
  AzureADTenantTypeSchema,
} from "../../../../gen/zitadel/idp_pb.js";
import { textToTenant } from "../../../formats/azure-tenant.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { replaceUnknownEnum } from "./replace-unknown-enum.js";
import { requireConfig } from "./require-config.js";

/** The rules of Azure AD providers: the stored form of the tenant. */
export const azureAdRules: ProviderTypeRules = {
  normalize(config) {
    const azure = requireConfig(config, "azureAd");
    const { type } = azure.tenant ?? create(AzureADTenantSchema);
    const named = type.case === "tenantId" ? textToTenant(type.value) : type;
    const common = AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON;
    azure.tenant = create(AzureADTenantSchema, {
      type:
        named.case === "tenantId"
          ? named
          : {
              case: "tenantType",
              value: replaceUnknownEnum(AzureADTenantTypeSchema, named.value ?? common, common),
            },
    });
  },
};
