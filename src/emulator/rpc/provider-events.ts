import { type JsonObject, toJson } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import {
  type ProviderConfig,
  ProviderConfigSchema,
  ProviderType,
  SAMLBinding,
} from "../../../gen/zitadel/idp_pb.js";
import type { OwnerEvent } from "../store/event-recorder.js";
import { omitEmpty, pickChanged, renameFields, toNanoseconds } from "./event-payload.js";
import { nameAzureTenant } from "../sign-in/name-azure-tenant.js";
import type { ProviderTypeDefinition } from "./provider-type-definition.js";
import { findRequestField, isFieldSet } from "./request-fields.js";

/** The parts of a provider that its events show. */
interface DescribedProvider {
  readonly id: string;
  readonly name: string;
  readonly config: ProviderConfig;
}

/** The names of provider types in the types of events. */
const typeNames: Readonly<Partial<Record<ProviderType, string>>> = {
  [ProviderType.OAUTH]: "oauth",
  [ProviderType.OIDC]: "oidc",
  [ProviderType.JWT]: "jwt",
  [ProviderType.AZURE_AD]: "azure",
  [ProviderType.GITHUB]: "github",
  [ProviderType.GITHUB_ES]: "github_enterprise",
  [ProviderType.GITLAB]: "gitlab",
  [ProviderType.GITLAB_SELF_HOSTED]: "gitlab_self_hosted",
  [ProviderType.GOOGLE]: "google",
  [ProviderType.LDAP]: "ldap.v2",
  [ProviderType.APPLE]: "apple",
  [ProviderType.SAML]: "saml",
  [ProviderType.ZITADEL]: "zitadel",
};

/** The names of fields in events that differ from their JSON names. */
const fieldNames: Readonly<Record<string, string>> = {
  autoLinking: "autoLinkingOption",
  avatarUrlAttribute: "avatarURLAttribute",
  baseDn: "baseDN",
  bindDn: "bindDN",
  emailVerified: "isEmailVerified",
  isIdTokenMapping: "idTokenMapping",
  metadataXml: "metadata",
  nameIdFormat: "nameIDFormat",
  rootCa: "rootCA",
  startTls: "startTLS",
  usePkce: "usePKCE",
};

/** The names of fields in events of Azure AD providers. */
const azureFieldNames = { clientId: "client_id", clientSecret: "client_secret" };

const samlBindings: Readonly<Record<SAMLBinding, string>> = {
  [SAMLBinding.SAML_BINDING_UNSPECIFIED]: "",
  [SAMLBinding.SAML_BINDING_POST]: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
  [SAMLBinding.SAML_BINDING_REDIRECT]: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
  [SAMLBinding.SAML_BINDING_ARTIFACT]: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact",
};

/** Describes the event of a new provider. */
export function describeProviderAdd(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  provider: DescribedProvider,
): OwnerEvent {
  return [`idp.${findTypeName(definition)}.added`, describeAll(definition, request, provider)];
}

/** Describes the event of a Generic OIDC provider that becomes a provider of another type. */
export function describeProviderMigration(
  definition: ProviderTypeDefinition,
  template: ReflectMessage,
  provider: DescribedProvider,
): OwnerEvent {
  return [
    `idp.oidc.migrated.${findTypeName(definition)}`,
    describeAll(definition, template, provider),
  ];
}

/** Describes the event of an update. Its payload has the changed fields. */
export function describeProviderUpdate(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  { id, name, config }: { id: string; name: string; config?: ProviderConfig | undefined },
  next: Omit<DescribedProvider, "id">,
): OwnerEvent {
  const before = config === undefined ? {} : toEventFields({ name, config });
  const changed = {
    ...pickChanged(before, toEventFields(next)),
    ...readSecret(definition, request),
  };
  return [`idp.${findTypeName(definition)}.changed`, { id, ...renameForType(definition, changed) }];
}

/** Returns a secret as events show it: encrypted with a key that only the server has. */
export function createEncryptedSecret(length: number): JsonObject {
  const initializationVectorLength = 16;
  const bytes = crypto.getRandomValues(new Uint8Array(initializationVectorLength + length));
  return {
    CryptoType: 0,
    Algorithm: "aes",
    KeyID: "idpConfigKey",
    Crypted: base64Encode(bytes),
  };
}

function findTypeName({ type }: ProviderTypeDefinition): string {
  return typeNames[type] ?? "";
}

function describeAll(
  definition: ProviderTypeDefinition,
  request: ReflectMessage,
  { id, ...provider }: DescribedProvider,
): JsonObject {
  const fields = { ...omitEmpty(toEventFields(provider)), ...readSecret(definition, request) };
  return { id, ...renameForType(definition, fields) };
}

function renameForType({ type }: ProviderTypeDefinition, fields: JsonObject): JsonObject {
  return type === ProviderType.AZURE_AD ? renameFields(fields, azureFieldNames) : fields;
}

/** Returns the secret of a request under the name of its event, or nothing if the request sets none. */
function readSecret({ secretField }: ProviderTypeDefinition, request: ReflectMessage): JsonObject {
  if (secretField === undefined || !isFieldSet(request, secretField)) {
    return {};
  }
  const field = findRequestField(request, secretField);
  const value: unknown = request.get(field);
  const bytes = value instanceof Uint8Array ? value : new TextEncoder().encode(String(value));
  return { [field.jsonName]: createEncryptedSecret(bytes.length) };
}

/** Returns the name, the options and the config of a provider under the names that the server stores them by. */
function toEventFields({ name, config }: Omit<DescribedProvider, "id">): JsonObject {
  const { options = {}, ...configs } = toJson(ProviderConfigSchema, config, {
    alwaysEmitImplicit: true,
    enumAsInteger: true,
  }) as Record<string, JsonObject>;
  const [fields = {}] = Object.values(configs);
  const { attributes, ...others } = fields;
  const flat = { name, ...options, ...others, ...(attributes as JsonObject | undefined) };
  return renameFields({ ...flat, ...convertValues(config) }, fieldNames);
}

/** Returns the fields whose values in events differ from their JSON form. */
function convertValues({ config }: ProviderConfig): JsonObject {
  switch (config.case) {
    case "azureAd":
      return { tenant: nameAzureTenant(config.value.tenant) };
    case "ldap": {
      const { seconds = 0n, nanos = 0 } = config.value.timeout ?? {};
      return { timeout: toNanoseconds(`${seconds}s`) + nanos };
    }
    case "saml":
      return { binding: samlBindings[config.value.binding] };
    default:
      return {};
  }
}
