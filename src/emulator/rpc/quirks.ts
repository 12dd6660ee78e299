import {
  create,
  type DescMessage,
  type JsonObject,
  type MessageShape,
  toJson,
} from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";
import {
  AzureADTenantSchema,
  AzureADTenantType,
  AzureADTenantTypeSchema,
  LDAPAttributesSchema,
  OptionsSchema,
  type ProviderConfig,
  ProviderConfigSchema,
  SAMLBinding,
  SAMLBindingSchema,
  SAMLNameIDFormat,
  SAMLNameIDFormatSchema,
  SAMLSignatureAlgorithm,
  SAMLSignatureAlgorithmSchema,
  ZitadelConfigSchema,
} from "../../../gen/zitadel/idp_pb.js";
import { hasCertificate } from "../../formats/certificate.js";
import { isEcPrivateKey } from "../../formats/ec-private-key.js";
import { problem } from "../problem.js";
import { createCertificate } from "../saml/certificate.js";
import { checkMetadata } from "../saml/metadata.js";
import { trim } from "../../utils/trim.js";
import { ids, pick } from "./context.js";
import type { Quirks } from "./kinds.js";
import { bytesOf, isGiven } from "./request.js";

type Configs = Exclude<ProviderConfig["config"], { case: undefined }>;
type ConfigOf<Case extends Configs["case"]> = Extract<Configs, { case: Case }>["value"];

/** Returns the config as the config of one type. Throws if the provider has another type. */
function configOf<Case extends Configs["case"]>(
  { config }: ProviderConfig,
  type: Case,
): ConfigOf<Case> {
  if (config.case !== type) {
    throw new Error(`a config of ${type}, not of ${config.case}`);
  }
  return config.value as ConfigOf<Case>;
}

/** Returns `value`, or `zero` for a number that is not in the schema, as the server stores it. */
function known<Value extends number>(
  schema: { value: Readonly<Record<number, unknown>> },
  value: Value,
  zero: Value,
): Value {
  return schema.value[value] === undefined ? zero : value;
}

const maxDurationNanos = 2n ** 63n - 1n;

/** Returns a timeout as the server stores it: in nanoseconds, limited to 63 bits. Zero is the same as no timeout. */
function storedTimeout(timeout: Duration | undefined): Duration | undefined {
  const nanos =
    timeout === undefined ? 0n : timeout.seconds * 1_000_000_000n + BigInt(timeout.nanos);
  if (timeout === undefined || nanos === 0n) {
    return undefined;
  }
  const stored =
    nanos > maxDurationNanos
      ? maxDurationNanos
      : nanos < -maxDurationNanos
        ? -maxDurationNanos
        : nanos;
  return { ...timeout, seconds: stored / 1_000_000_000n, nanos: Number(stored % 1_000_000_000n) };
}

export const ldapQuirks: Quirks = {
  complete(config) {
    const ldap = configOf(config, "ldap");
    ldap.attributes ??= create(LDAPAttributesSchema);
    ldap.timeout = storedTimeout(ldap.timeout);
  },
  check(config) {
    const { rootCa } = configOf(config, "ldap");
    if (rootCa.length > 0 && !hasCertificate(rootCa)) {
      // The server uses the same id for both owners.
      throw problem(Code.InvalidArgument, "INST-cwqVVdBwKt", "Errors.Invalid.Argument");
    }
  },
  /** An omitted root CA, or the root CA of the add, leaves the stored one unchanged. */
  keep({ next, stored }) {
    const ldap = configOf(next.config, "ldap");
    if (
      ldap.rootCa.length === 0 ||
      sameBytes(ldap.rootCa, configOf(stored.added.config, "ldap").rootCa)
    ) {
      ldap.rootCa = configOf(current(stored.view), "ldap").rootCa;
    }
    return false;
  },
};

/** The tenant ids that the server stores as one of its tenant types. */
const namedTenants: Readonly<Record<string, AzureADTenantType>> = {
  common: AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
  organizations: AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS,
  consumers: AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS,
};

export const azureQuirks: Quirks = {
  complete(config) {
    const azure = configOf(config, "azureAd");
    const { type } = azure.tenant ?? create(AzureADTenantSchema);
    const common = AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON;
    const named = type.case === "tenantId" ? namedTenants[type.value] : type.value;
    azure.tenant = create(AzureADTenantSchema, {
      type:
        type.case === "tenantId" && named === undefined
          ? type
          : { case: "tenantType", value: known(AzureADTenantTypeSchema, named ?? common, common) },
    });
  },
};

export const appleQuirks: Quirks = {
  check(_config, request, { owner }) {
    const key = bytesOf(request, "private_key");
    const adding = !request.fields.some(({ name }) => name === "id");
    if ((adding || key.length > 0) && !isEcPrivateKey(key)) {
      const id = pick(owner, adding ? ids("Fk38d") : ids("eWSDf"));
      throw problem(Code.InvalidArgument, id, "Errors.IDP.InvalidPrivateKey");
    }
  },
  /** The server compares the team id and the key id with those of the add, so setting these values again changes nothing. */
  keep({ next, stored }) {
    const wanted = configOf(next.config, "apple");
    const added = configOf(stored.added.config, "apple");
    const { teamId, keyId } = configOf(current(stored.view), "apple");
    wanted.teamId = wanted.teamId === added.teamId ? teamId : wanted.teamId;
    wanted.keyId = wanted.keyId === added.keyId ? keyId : wanted.keyId;
    return false;
  },
};

export const samlQuirks: Quirks = {
  complete(config, request) {
    const saml = configOf(config, "saml");
    const unspecified = SAMLNameIDFormat.SAML_NAME_ID_FORMAT_UNSPECIFIED;
    saml.binding = known(SAMLBindingSchema, saml.binding, SAMLBinding.SAML_BINDING_UNSPECIFIED);
    saml.nameIdFormat = isGiven(request, "name_id_format")
      ? known(SAMLNameIDFormatSchema, saml.nameIdFormat, unspecified)
      : SAMLNameIDFormat.SAML_NAME_ID_FORMAT_PERSISTENT;
    saml.transientMappingAttributeName ??= "";
    saml.federatedLogoutEnabled ??= false;
    saml.signatureAlgorithm = known(
      SAMLSignatureAlgorithmSchema,
      saml.signatureAlgorithm ?? SAMLSignatureAlgorithm.SAML_SIGNATURE_UNSPECIFIED,
      SAMLSignatureAlgorithm.SAML_SIGNATURE_UNSPECIFIED,
    );
  },
  async check(config, request, context) {
    configOf(config, "saml").metadataXml = await checkMetadata(request, context);
  },
  added(stored, request) {
    stored.nameIdFormatGiven = isGiven(request, "name_id_format");
    stored.certificate = createCertificate();
  },
  /**
   * An omitted name id format leaves the stored one unchanged. Once a request has set one, the server counts every update as a
   * change.
   */
  keep({ request, next, stored }) {
    if (isGiven(request, "name_id_format")) {
      stored.nameIdFormatGiven = true;
    } else {
      configOf(next.config, "saml").nameIdFormat = configOf(
        current(stored.view),
        "saml",
      ).nameIdFormat;
    }
    return stored.nameIdFormatGiven === true;
  },
};

export const zitadelQuirks: Quirks = {
  noChangeShowsAdd: true,
  check(config, _request, { owner }) {
    for (const { organizationId, organizationDomain } of configOf(config, "zitadel")
      .instanceRolesInfo) {
      const blank =
        trim(organizationId) === ""
          ? ids("9uEJaM", "M0QmjB")
          : trim(organizationDomain) === ""
            ? ids("y4Ib4D", "HAELEz")
            : undefined;
      if (blank !== undefined) {
        throw problem(Code.InvalidArgument, pick(owner, blank), "Errors.Invalid.Argument");
      }
    }
  },
  /** A field with its value of the add keeps its current value. Any other field is a change, even if it has its current value. */
  keep({ next, stored }) {
    const { added, view } = stored;
    const sameName = next.name === added.name;
    next.name = sameName ? view.name : next.name;
    const configs = [next.config, added.config, current(view)] as const;
    const [wanted, atAdd, now] = configs.map((config) => configOf(config, "zitadel"));
    const configChanged = keepFieldsOfAdd(ZitadelConfigSchema, wanted, atAdd, now);
    const options = configs.map((config) => config.options);
    const optionsChanged = keepFieldsOfAdd(OptionsSchema, options[0], options[1], options[2]);
    return !sameName || configChanged || optionsChanged;
  },
};

/** Copies `now` into each field of `wanted` that equals the field of `added`. Returns true if any field differs. */
function keepFieldsOfAdd<Desc extends DescMessage>(
  schema: Desc,
  wanted: MessageShape<Desc> | undefined,
  added: MessageShape<Desc> | undefined,
  now: MessageShape<Desc> | undefined,
): boolean {
  if (wanted === undefined || added === undefined || now === undefined) {
    throw new Error(`a stored provider has a ${schema.typeName}`);
  }
  const [wantedJson, addedJson] = [wanted, added].map((each) =>
    toJson(schema, each, { alwaysEmitImplicit: true }),
  ) as [JsonObject, JsonObject];
  let changed = false;
  for (const { jsonName, localName } of schema.fields) {
    if (JSON.stringify(wantedJson[jsonName]) === JSON.stringify(addedJson[jsonName])) {
      Object.assign(wanted, {
        [localName]: Object.entries(now).find(([name]) => name === localName)?.[1],
      });
    } else {
      changed = true;
    }
  }
  return changed;
}

function current(view: { config?: ProviderConfig | undefined }): ProviderConfig {
  return view.config ?? create(ProviderConfigSchema);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
