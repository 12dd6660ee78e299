import {
  clone,
  create,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { isReflectMessage, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { AzureADTenantType, SAMLNameIDFormat } from "../../idp.js";
import type { ConfigCase } from "../resolve-create/add-methods.js";
import { trim } from "../trim.js";

/** A request as its fields by local name: a message, or an object from which a message can be created. */
export type FieldValues = Readonly<Record<string, unknown>>;

/** The fields of a type that the server stores in another form than the request has. */
interface StorageRule {
  /** The texts, the name included, that the server stores untrimmed. It trims all other top-level texts. */
  readonly untrimmed?: readonly string[];
  /** Returns the stored values of config fields that differ from the request. */
  values?(request: FieldValues): FieldValues;
  /** Returns the names of config fields whose values the request does not determine. */
  unknown?(request: FieldValues): readonly string[];
}

/** The exception of types whose name is optional: the server stores their name untrimmed. */
const untrimmedName: StorageRule = { untrimmed: ["name"] };

/** The exceptions by type. Types without an entry have none. */
export const storageRules: Readonly<Partial<Record<ConfigCase, StorageRule>>> = {
  apple: untrimmedName,
  azureAd: { values: ({ tenant }) => ({ tenant: { type: toStoredTenant(tenant) } }) },
  github: untrimmedName,
  gitlab: untrimmedName,
  google: untrimmedName,
  jwt: { untrimmed: ["audience"] },
  ldap: {
    values: ({ attributes, timeout }) => ({
      attributes: attributes ?? {},
      timeout: toStoredTimeout(timeout as Partial<Duration> | undefined),
    }),
  },
  saml: {
    untrimmed: ["transientMappingAttributeName"],
    values: ({
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
    // The server fetches the metadata and does not keep the URL.
    unknown: ({ metadata }) =>
      (metadata as OneofValue)?.case === "metadataUrl" ? ["metadataXml"] : [],
  },
};

type OneofValue = { readonly case?: string; readonly value?: unknown } | undefined;

/** The tenant ids that reads return as a tenant type. */
const namedTenants: Readonly<Record<string, AzureADTenantType>> = {
  common: AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
  organizations: AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS,
  consumers: AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS,
};

function toStoredTenant(tenant: unknown): OneofValue {
  const type = (tenant as { type?: OneofValue } | undefined)?.type;
  const common = AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON;
  if (type?.case === "tenantId") {
    const named = namedTenants[String(type.value)];
    return named === undefined ? type : { case: "tenantType", value: named };
  }
  return { case: "tenantType", value: type?.value ?? common };
}

/** The largest number of nanoseconds that the server stores (63 bits). It stores a missing duration and zero alike. */
const maxNanos = 2n ** 63n - 1n;

/** Returns a timeout as the server stores it, or undefined for zero. */
export function toStoredTimeout(
  timeout: Partial<Duration> | undefined,
): Pick<Duration, "seconds" | "nanos"> | undefined {
  const nanos = (timeout?.seconds ?? 0n) * 1_000_000_000n + BigInt(timeout?.nanos ?? 0);
  if (nanos === 0n) {
    return undefined;
  }
  const stored = nanos > maxNanos ? maxNanos : nanos < -maxNanos ? -maxNanos : nanos;
  return { seconds: stored / 1_000_000_000n, nanos: Number(stored % 1_000_000_000n) };
}

/**
 * Creates a message of `schema` from the fields of a request that have the same names. Unknown enum values become zero, as on
 * the server.
 */
export function toExpectedMessage<Desc extends DescMessage>(
  schema: Desc,
  request: FieldValues,
): MessageShape<Desc> {
  const given = schema.members.flatMap(({ localName }) =>
    request[localName] === undefined ? [] : [[localName, request[localName]] as const],
  );
  // Copy, because otherwise the message would share parts with the request.
  const init = Object.fromEntries(given) as MessageInitShape<Desc>;
  const message = clone(schema, create(schema, init));
  dropUnknownEnums(reflect(schema, message));
  return message;
}

/** Sets enum numbers that the server does not know to zero, as the server does. */
function dropUnknownEnums(message: ReflectMessage): void {
  for (const field of message.fields) {
    if (field.fieldKind === "enum" && message.isSet(field)) {
      const known = field.enum.value[message.get(field)] !== undefined;
      if (!known) {
        message.set(field, 0);
      }
    } else if (field.fieldKind === "message" && message.isSet(field)) {
      const part: unknown = message.get(field);
      if (isReflectMessage(part)) {
        dropUnknownEnums(part);
      }
    }
  }
}

/** Trims the top-level texts of a message, except those in `untrimmed`. */
export function trimTexts<Desc extends DescMessage>(
  schema: Desc,
  message: MessageShape<Desc>,
  untrimmed: readonly string[] = [],
): void {
  const reflected = reflect(schema, message);
  for (const field of schema.fields) {
    const isText = field.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
    if (isText && reflected.isSet(field) && !untrimmed.includes(field.localName)) {
      reflected.set(field, trim(reflected.get(field)));
    }
  }
}
