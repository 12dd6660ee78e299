import { create } from "@bufbuild/protobuf";
import {
  AzureADTenantSchema,
  AzureADTenantType,
  AzureADTenantTypeSchema,
} from "../../../../gen/zitadel/idp_pb.js";
import type { ProviderTypeRules } from "../provider-type-definition.js";
import { requireConfig } from "./require-config.js";
import { replaceUnknownEnum } from "./replace-unknown-enum.js";

/** The tenant ids that the server stores as one of its tenant types. */
const tenantTypesById: Readonly<Record<string, AzureADTenantType>> = {
  common: AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
  organizations: AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS,
  consumers: AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS,
};

/** The rules of Azure AD providers: the stored form of the tenant. */
export const azureAdRules: ProviderTypeRules = {
  normalize(config) {
    const azure = requireConfig(config, "azureAd");
    const { type } = azure.tenant ?? create(AzureADTenantSchema);
    const common = AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON;
    const named = type.case === "tenantId" ? tenantTypesById[type.value] : type.value;
    azure.tenant = create(AzureADTenantSchema, {
      type:
        type.case === "tenantId" && named === undefined
          ? type
          : {
              case: "tenantType",
              value: replaceUnknownEnum(AzureADTenantTypeSchema, named ?? common, common),
            },
    });
  },
};
