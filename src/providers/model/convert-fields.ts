import { fromJson, toJson } from "@bufbuild/protobuf";
import { type Duration, DurationSchema } from "@bufbuild/protobuf/wkt";
import {
  choices,
  type Fields,
  type FieldSpec,
  parts,
  providerTypes,
} from "../../../gen/providers.js";
import { type AzureADTenant, AzureADTenantType } from "../../idp.js";
import type { ProviderType } from "./provider.js";

/** Fields by their plain names. */
export type PlainFields = Readonly<Record<string, unknown>>;

/** Returns the fields of a type, by their plain names. */
export function fieldsOfType(type: ProviderType): Fields {
  return providerTypes[type].fields;
}

/** Returns true for a type of provider that can be added. */
export function isProviderType(type: unknown): type is ProviderType {
  return typeof type === "string" && Object.hasOwn(providerTypes, type);
}

/** Returns the fields of the message inside a field. */
export function fieldsOfPart({ of }: { readonly of: string }): Fields {
  return parts[of] ?? {};
}

/** Returns the names of a choice, and the enum number of each. */
export function choiceNumbers({ of }: { readonly of: string }): Readonly<Record<string, number>> {
  return choices[of] ?? {};
}

/** Converts the value of a field into the form that messages have. The value must be valid. */
export function toMessageValue(spec: FieldSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "bytes":
      return textToBytes(value as string);
    case "duration":
      return fromJson(DurationSchema, value as string);
    case "choice":
      return choiceNumbers(spec)[value as string];
    case "tenant":
      return { type: textToTenant(value as string) };
    case "object":
      return toMessageFields(fieldsOfPart(spec), value as PlainFields);
    case "objects":
      return (value as readonly PlainFields[]).map((each) =>
        toMessageFields(fieldsOfPart(spec), each),
      );
    case "texts":
      return [...(value as readonly string[])];
    default:
      return value;
  }
}

/** Converts each given field into the form that messages have. */
export function toMessageFields(fields: Fields, given: PlainFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, spec]) =>
      given[name] === undefined ? [] : [[name, toMessageValue(spec, given[name])]],
    ),
  );
}

/** Converts the value of a field into plain TypeScript. An absent value becomes the default. */
export function toPlainValue(spec: FieldSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "bytes":
      return bytesToText((value as Uint8Array | undefined) ?? new Uint8Array());
    case "duration":
      return value === undefined ? "0s" : toJson(DurationSchema, value as Duration);
    case "choice":
      return choiceName(spec, (value as number | undefined) ?? 0) ?? "unspecified";
    case "tenant":
      return tenantToText(value as AzureADTenant | undefined);
    case "object":
      return toPlainFields(fieldsOfPart(spec), (value ?? {}) as PlainFields);
    case "objects":
      return ((value ?? []) as readonly PlainFields[]).map((each) =>
        toPlainFields(fieldsOfPart(spec), each),
      );
    case "texts":
      return [...((value ?? []) as readonly string[])];
    case "flag":
      return value ?? false;
    default:
      return value ?? "";
  }
}

/** Converts each field into plain TypeScript. */
export function toPlainFields(fields: Fields, wire: PlainFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => [name, toPlainValue(spec, wire[name])]),
  );
}

/** Returns the name of an enum number, or undefined if this version does not know it. */
export function choiceName(spec: { readonly of: string }, number: number): string | undefined {
  return Object.entries(choiceNumbers(spec)).find(([, each]) => each === number)?.[0];
}

/** The prefix of bytes that are not text. */
const base64Prefix = "base64:";

/**
 * Returns bytes as text if they are UTF-8, otherwise as base64 with a prefix. Certificates, keys and metadata are almost always
 * text. A byte order mark is kept, so that nothing is lost.
 */
function bytesToText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith(base64Prefix)) {
      return text;
    }
  } catch {
    // Not UTF-8.
  }
  return base64Prefix + btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** Returns the bytes of a text. Throws if the text begins with `base64:` and the rest is not base64. */
export function textToBytes(text: string): Uint8Array<ArrayBuffer> {
  return text.startsWith(base64Prefix)
    ? Uint8Array.from(atob(text.slice(base64Prefix.length)), (char) => char.charCodeAt(0))
    : new TextEncoder().encode(text);
}

/** Returns the number of bytes of a text, or undefined if its base64 is invalid. */
export function byteLengthOfText(text: string): number | undefined {
  try {
    return textToBytes(text).length;
  } catch {
    return undefined;
  }
}

/** The tenant ids that the server reads as tenant types. So one text can express both. */
const tenantTypes: Readonly<Record<string, AzureADTenantType>> = {
  common: AzureADTenantType.AZURE_AD_TENANT_TYPE_COMMON,
  organizations: AzureADTenantType.AZURE_AD_TENANT_TYPE_ORGANISATIONS,
  consumers: AzureADTenantType.AZURE_AD_TENANT_TYPE_CONSUMERS,
};

function textToTenant(text: string): { case: string; value: unknown } {
  const value = tenantTypes[text];
  return value === undefined ? { case: "tenantId", value: text } : { case: "tenantType", value };
}

function tenantToText(tenant: AzureADTenant | undefined): string {
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
