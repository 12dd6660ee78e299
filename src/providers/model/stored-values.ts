import type { Duration } from "@bufbuild/protobuf/wkt";
import { AzureADTenantType, SAMLNameIDFormat } from "../../services/idp.js";
import { textToTenant } from "../../formats/azure-tenant.js";
import { toStoredTimeout } from "../../utils/to-stored-timeout.js";
import { trim } from "../../utils/trim.js";
import type { FieldValues } from "./field-specs.js";
import type { ProviderType } from "./provider.js";

/** The fields of a type that the server stores in another form than they have in the request. */
interface StorageRule {
  /** The texts, the name included, that the server stores untrimmed. It trims all other top-level texts. */
  readonly untrimmed?: readonly string[];
  /** Returns the stored values of config fields that differ from the request. */
  storedValues?(request: FieldValues): FieldValues;
  /** Returns the names of config fields whose values the request does not determine. */
  undeterminedFields?(request: FieldValues): readonly string[];
}

/** The rule for types whose name is optional: the server stores their name untrimmed. */
const untrimmedName: StorageRule = { untrimmed: ["name"] };

/** The storage rules by type. The server stores the fields of other types as they are, but trims their texts. */
export const storageRules: Readonly<Partial<Record<ProviderType, StorageRule>>> = {
  apple: untrimmedName,
  azureAd: { storedValues: ({ tenant }) => ({ tenant: { type: toStoredTenant(tenant) } }) },
  github: untrimmedName,
  gitlab: untrimmedName,
  google: untrimmedName,
  jwt: { untrimmed: ["audience"] },
  ldap: {
    storedValues: ({ attributes, timeout }) => ({
      attributes: attributes ?? {},
      timeout: toStoredTimeout(timeout as Partial<Duration> | undefined),
    }),
  },
  saml: {
    untrimmed: ["transientMappingAttributeName"],
    storedValues: ({
      metadata,
      nameIdFormat = SAMLNameIDFormat.SAML_NAME_ID_FORMAT_PERSISTENT,
      transientMappingAttributeName = "",
      federatedLogoutEnabled = false,
      signatureAlgorithm = 0,
    }) => ({
      metadataXml:
        (metadata as OneofValue)?.case === "metadataXml"
          ? (metadata as OneofValue)?.value
          : undefined,
      nameIdFormat,
      transientMappingAttributeName,
      federatedLogoutEnabled,
      signatureAlgorithm,
    }),
    // The server fetches the metadata from the URL, and does not keep the URL.
    undeterminedFields: ({ metadata }) =>
      (metadata as OneofValue)?.case === "metadataUrl" ? ["metadataXml"] : [],
  },
};

type OneofValue = { readonly case?: string; readonly value?: unknown } | undefined;

function toStoredTenant(tenant: unknown): OneofValue {
  const type = (tenant as { type?: OneofValue } | undefined)?.type;
  return type?.case === "tenantId"
    ? textToTenant(String(type.value))
    : {
        case: "tenantType",
        value: type?.value ?? AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
      };
}

/** Returns the name of the provider that an add with this request creates. The server trims most names. */
export function toStoredName(type: ProviderType, { name = "" }: FieldValues): string {
  const isUntrimmed = storageRules[type]?.untrimmed?.includes("name") ?? false;
  return isUntrimmed ? String(name) : trim(String(name));
}
