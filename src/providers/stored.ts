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
import { AzureADTenantType, SAMLNameIDFormat } from "../idp.js";
import type { ConfigCase } from "./adds.js";
import { trim } from "./trim.js";

/** A request as its fields by local name: a message, or what one can be made of. */
export type Given = Readonly<Record<string, unknown>>;

/** Where the server does not store the fields of a request as it stores those of the other types. */
interface Exceptions {
  /** Texts, the name among them, that are stored as they are. All others at the top are trimmed. */
  readonly untrimmed?: readonly string[];
  /** Fields of the config that are not stored as the request has them. */
  values?(request: Given): Given;
  /** Fields of the config that the request does not tell. */
  unknown?(request: Given): readonly string[];
}

/** Types that need no name store even one with blanks around it. */
const nameAsItIs: Exceptions = { untrimmed: ["name"] };

export const exceptions: Readonly<Partial<Record<ConfigCase, Exceptions>>> = {
  apple: nameAsItIs,
  azureAd: { values: ({ tenant }) => ({ tenant: { type: storedTenant(tenant) } }) },
  github: nameAsItIs,
  gitlab: nameAsItIs,
  google: nameAsItIs,
  jwt: { untrimmed: ["audience"] },
  ldap: {
    values: ({ attributes, timeout }) => ({
      attributes: attributes ?? {},
      timeout: storedTimeout(timeout as Partial<Duration> | undefined),
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
        (metadata as Oneof)?.case === "metadataXml" ? (metadata as Oneof)?.value : undefined,
      nameIdFormat,
      transientMappingAttributeName,
      federatedLogoutEnabled,
      signatureAlgorithm,
    }),
    // The server fetches them, and keeps no URL.
    unknown: ({ metadata }) => ((metadata as Oneof)?.case === "metadataUrl" ? ["metadataXml"] : []),
  },
};

type Oneof = { readonly case?: string; readonly value?: unknown } | undefined;

/** Tenant ids that are read back as a tenant type. */
const namedTenants: Readonly<Record<string, AzureADTenantType>> = {
  common: AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
  organizations: AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS,
  consumers: AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS,
};

function storedTenant(tenant: unknown): Oneof {
  const type = (tenant as { type?: Oneof } | undefined)?.type;
  const common = AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON;
  if (type?.case === "tenantId") {
    const named = namedTenants[String(type.value)];
    return named === undefined ? type : { case: "tenantType", value: named };
  }
  return { case: "tenantType", value: type?.value ?? common };
}

/** The server counts nanoseconds in 63 bits; none and zero are the same. */
const mostNanos = 2n ** 63n - 1n;

export function storedTimeout(
  timeout: Partial<Duration> | undefined,
): Pick<Duration, "seconds" | "nanos"> | undefined {
  const nanos = (timeout?.seconds ?? 0n) * 1_000_000_000n + BigInt(timeout?.nanos ?? 0);
  if (nanos === 0n) {
    return undefined;
  }
  const stored = nanos > mostNanos ? mostNanos : nanos < -mostNanos ? -mostNanos : nanos;
  return { seconds: stored / 1_000_000_000n, nanos: Number(stored % 1_000_000_000n) };
}

/** The message of `schema` with what a request has under the same names, as the server stores enums. */
export function counterpart<Desc extends DescMessage>(
  schema: Desc,
  request: Given,
): MessageShape<Desc> {
  const given = schema.members.flatMap(({ localName }) =>
    request[localName] === undefined ? [] : [[localName, request[localName]] as const],
  );
  // A copy, because parts of the request would be parts of it.
  const init = Object.fromEntries(given) as MessageInitShape<Desc>;
  const message = clone(schema, create(schema, init));
  dropUnknownEnums(reflect(schema, message));
  return message;
}

/** A number that the server does not know is stored as zero. */
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

/** Trims the texts at the top of a message, but for these. */
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
