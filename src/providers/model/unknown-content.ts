import type { Fields } from "../../../gen/providers.js";
import type { AzureADTenant, Provider } from "../../services/idp.js";
import {
  findChoiceName,
  getPartFields,
  getTypeFields,
  type FieldValues,
  isProviderType,
} from "./field-specs.js";
import { isKnownTenant } from "./tenant-text.js";

/**
 * Returns the paths of content in a provider that this version cannot send back: fields and enum values of a newer server. Over the
 * json wire protocol, the message does not contain unknown fields, so the caller passes their paths in `notDecoded`.
 */
export function findUnknownContent(provider: Provider, notDecoded: readonly string[]): string[] {
  const { config } = provider;
  const found = [...notDecoded, ...findUnknownBinaryFields("", provider)];
  const { case: type, value } = config?.config ?? {};
  if (type === undefined) {
    found.push("type");
  } else if (isProviderType(type)) {
    found.push(...findUnknownValues(`config.${type}.`, getTypeFields(type), { ...value }));
  }
  if (config?.options !== undefined) {
    const options = getPartFields({ of: "Options" });
    found.push(...findUnknownValues("config.options.", options, config.options));
  }
  return [...new Set(found)];
}

interface MessageLike {
  readonly $typeName: string;
  readonly $unknown?: readonly { readonly no: number }[] | undefined;
}

function isMessageLike(value: unknown): value is MessageLike {
  return typeof value === "object" && value !== null && "$typeName" in value;
}

/** Returns the paths of binary fields that this version does not know, at any depth. They have a number instead of a name. */
export function findUnknownBinaryFields(path: string, message: MessageLike): string[] {
  const own = (message.$unknown ?? []).map(({ no }) => `${path}field ${no}`);
  const inner = Object.entries(message).flatMap(([name, value]) =>
    listInnerMessages(path, name, value).flatMap(([at, part]) => findUnknownBinaryFields(at, part)),
  );
  return [...own, ...inner];
}

/** Returns the messages in a member of a message, each with the beginning of the paths to its fields. */
function listInnerMessages(path: string, name: string, value: unknown): [string, MessageLike][] {
  if (isMessageLike(value)) {
    return [[`${path}${name}.`, value]];
  }
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown, index) =>
      isMessageLike(each) ? [[`${path}${name}[${index}].`, each]] : [],
    );
  }
  return isOneof(value) && isMessageLike(value.value)
    ? [[`${path}${value.case}.`, value.value]]
    : [];
}

function isOneof(value: unknown): value is { case: string; value: unknown } {
  return typeof value === "object" && value !== null && "case" in value && "value" in value;
}

function findUnknownValues(path: string, fields: Fields, message: FieldValues): string[] {
  return Object.entries(fields).flatMap(([name, spec]) => {
    const value = message[name];
    const isUnknown =
      (spec.kind === "choice" &&
        findChoiceName(spec, (value as number | undefined) ?? 0) === undefined) ||
      (spec.kind === "tenant" && value !== undefined && !isKnownTenant(value as AzureADTenant));
    return isUnknown ? [`${path}${name}`] : [];
  });
}
