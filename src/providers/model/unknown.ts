import type { Fields } from "../../../gen/providers.js";
import type { AzureADTenant, Provider } from "../../idp.js";
import {
  fieldsOf,
  isKnownTenant,
  isProviderType,
  nameOfChoice,
  partOf,
  type Plain,
} from "./fields.js";

/**
 * What a provider holds that this version cannot send back, as paths: fields and values that a newer server knows. Over the JSON
 * wire the names of such fields are not in the message, so the transport tells them.
 */
export function unknownContent(provider: Provider, notDecoded: readonly string[]): string[] {
  const { config } = provider;
  const found = [...notDecoded, ...unknownFields("", provider)];
  const { case: type, value } = config?.config ?? {};
  if (type === undefined) {
    found.push("type");
  } else if (isProviderType(type)) {
    found.push(...unknownValues(`config.${type}.`, fieldsOf(type), value as unknown as Plain));
  }
  if (config?.options !== undefined) {
    const options = partOf({ of: "Options" });
    found.push(...unknownValues("config.options.", options, config.options));
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

/** The numbers of fields that came in binary and have no name here, at any depth. */
export function unknownFields(path: string, message: MessageLike): string[] {
  const own = (message.$unknown ?? []).map(({ no }) => `${path}field ${no}`);
  const inner = Object.entries(message).flatMap(([name, value]: [string, unknown]) => {
    const at = `${path}${name}`;
    return isMessageLike(value)
      ? unknownFields(`${at}.`, value)
      : Array.isArray(value)
        ? value.flatMap((each, index) =>
            isMessageLike(each) ? unknownFields(`${at}[${index}].`, each) : [],
          )
        : isOneof(value) && isMessageLike(value.value)
          ? unknownFields(`${path}${value.case}.`, value.value)
          : [];
  });
  return [...own, ...inner];
}

function isOneof(value: unknown): value is { case: string; value: unknown } {
  return typeof value === "object" && value !== null && "case" in value && "value" in value;
}

function unknownValues(path: string, fields: Fields, message: Plain): string[] {
  return Object.entries(fields).flatMap(([name, spec]) => {
    const value = message[name];
    const isUnknown =
      (spec.kind === "choice" &&
        nameOfChoice(spec, (value as number | undefined) ?? 0) === undefined) ||
      (spec.kind === "tenant" && value !== undefined && !isKnownTenant(value as AzureADTenant));
    return isUnknown ? [`${path}${name}`] : [];
  });
}
