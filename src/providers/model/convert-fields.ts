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
export type Plain = Readonly<Record<string, unknown>>;

/** Returns the fields of a type, by their plain names. */
export function fieldsOf(type: ProviderType): Fields {
  return providerTypes[type].fields;
}

/** Returns true for a type of provider that can be added. */
export function isProviderType(type: unknown): type is ProviderType {
  return typeof type === "string" && Object.hasOwn(providerTypes, type);
}

/** Returns the fields of the message inside a field. */
export function partOf({ of }: { readonly of: string }): Fields {
  return parts[of] ?? {};
}

/** Returns the names of a choice, and the enum number of each. */
export function choicesOf({ of }: { readonly of: string }): Readonly<Record<string, number>> {
  return choices[of] ?? {};
}

/** Converts the value of a field into the form that messages have. The value must be valid. */
export function toWire(spec: FieldSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "bytes":
      return bytesOfText(value as string);
    case "duration":
      return fromJson(DurationSchema, value as string);
    case "choice":
      return choicesOf(spec)[value as string];
    case "tenant":
      return { type: tenantOfText(value as string) };
    case "object":
      return allToWire(partOf(spec), value as Plain);
    case "objects":
      return (value as readonly Plain[]).map((each) => allToWire(partOf(spec), each));
    case "texts":
      return [...(value as readonly string[])];
    default:
      return value;
  }
}

/** Converts each given field into the form that messages have. */
export function allToWire(fields: Fields, given: Plain): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, spec]) =>
      given[name] === undefined ? [] : [[name, toWire(spec, given[name])]],
    ),
  );
}

/** Converts the value of a field into plain TypeScript. An absent value becomes the default. */
export function toPlain(spec: FieldSpec, value: unknown): unknown {
  switch (spec.kind) {
    case "bytes":
      return textOfBytes((value as Uint8Array | undefined) ?? new Uint8Array());
    case "duration":
      return value === undefined ? "0s" : toJson(DurationSchema, value as Duration);
    case "choice":
      return nameOfChoice(spec, (value as number | undefined) ?? 0) ?? "unspecified";
    case "tenant":
      return textOfTenant(value as AzureADTenant | undefined);
    case "object":
      return allToPlain(partOf(spec), (value ?? {}) as Plain);
    case "objects":
      return ((value ?? []) as readonly Plain[]).map((each) => allToPlain(partOf(spec), each));
    case "texts":
      return [...((value ?? []) as readonly string[])];
    case "flag":
      return value ?? false;
    default:
      return value ?? "";
  }
}

/** Converts each field into plain TypeScript. */
export function allToPlain(fields: Fields, wire: Plain): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, spec]) => [name, toPlain(spec, wire[name])]),
  );
}

/** Returns the name of an enum number, or undefined if this version does not know it. */
export function nameOfChoice(spec: { readonly of: string }, number: number): string | undefined {
  return Object.entries(choicesOf(spec)).find(([, each]) => each === number)?.[0];
}

/** The prefix of bytes that are not text. */
const base64Prefix = "base64:";

/**
 * Returns bytes as text if they are UTF-8, otherwise as base64 with a prefix. Certificates, keys and metadata are almost always
 * text. A byte order mark is kept, so that nothing is lost.
 */
function textOfBytes(bytes: Uint8Array): string {
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
export function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return text.startsWith(base64Prefix)
    ? Uint8Array.from(atob(text.slice(base64Prefix.length)), (char) => char.charCodeAt(0))
    : new TextEncoder().encode(text);
}

/** Returns the number of bytes of a text, or undefined if its base64 is invalid. */
export function byteLengthOf(text: string): number | undefined {
  try {
    return bytesOfText(text).length;
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

function tenantOfText(text: string): { case: string; value: unknown } {
  const value = tenantTypes[text];
  return value === undefined ? { case: "tenantId", value: text } : { case: "tenantType", value };
}

function textOfTenant(tenant: AzureADTenant | undefined): string {
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
