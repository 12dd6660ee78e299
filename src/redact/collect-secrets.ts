import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { isObject } from "../utils/is-object.js";
import { readProperty, toBytes } from "./inspect-object.js";
import { listBytesVariants, listTextVariants } from "./secret-variants.js";
import { isSecretField } from "./is-secret-field.js";

/**
 * Returns the texts of a request that must not be displayed: the values of all fields that the protos mark with `debug_redact`,
 * at any depth, in every form in which a lower layer may repeat them. Never throws.
 *
 * `input` is the request of the caller: a message, an init object, or an invalid value. The function also finds values of a wrong
 * type (a number, text instead of bytes), because errors are usually about such values, and fields under each of their names.
 *
 * Secrets of fewer than four characters and booleans are left out: removing them would make every text unreadable.
 */
export function collectSecrets(desc: DescMessage, input: unknown): string[] {
  const found = new Set<string>();
  const visited = new Map<object, Set<DescMessage>>();
  const pending: [desc: DescMessage, value: unknown][] = [[desc, input]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [type, value] = next;
    if (!isObject(value) || visited.get(value)?.has(type)) {
      continue;
    }
    visited.set(value, (visited.get(value) ?? new Set()).add(type));
    for (const field of type.fields) {
      for (const fieldValue of readFieldValues(field, value)) {
        if (isSecretField(field)) {
          for (const variant of listVariants(fieldValue)) {
            found.add(variant);
          }
        } else if (field.message) {
          const { message } = field;
          // Treats the value as a list or a map too, even if the field is neither.
          pending.push(
            [message, fieldValue],
            ...listChildren(fieldValue).map((item): [DescMessage, unknown] => [message, item]),
          );
        }
      }
    }
  }
  return [...found];
}

function readFieldValues(field: DescField, message: object): unknown[] {
  const names = [...new Set([field.localName, field.jsonName, field.name])];
  const values = names.map((name) => tryReadProperty(message, name));
  if (field.oneof !== undefined) {
    const oneofValue = tryReadProperty(message, field.oneof.localName);
    const value = tryReadProperty(oneofValue, "value");
    const isKnownCase = field.oneof.fields.some(
      (each) => each.localName === tryReadProperty(oneofValue, "case"),
    );
    // If the case does not exist, the value may belong to any field.
    values.push(
      !isKnownCase || tryReadProperty(oneofValue, "case") === field.localName ? value : undefined,
    );
  }
  return values.filter((value) => value !== undefined);
}

/** Returns all texts in the value of a secret field, whatever its type. */
function listVariants(secret: unknown): string[] {
  const variants: string[] = [];
  const visited = new Set<unknown>();
  const pending = [secret];
  while (pending.length > 0) {
    const value = pending.pop();
    if (isObject(value)) {
      if (!visited.has(value)) {
        visited.add(value);
        const bytes = tryToBytes(value);
        variants.push(...(bytes ? listBytesVariants(bytes) : listTextVariants(readOwnText(value))));
        pending.push(...(bytes ? [] : listChildren(value)));
      }
    } else if (typeof value === "symbol") {
      variants.push(...listTextVariants(value.description ?? ""));
    } else if (/^(?:string|number|bigint)$/.test(typeof value)) {
      variants.push(...listTextVariants(String(value)));
    }
  }
  return variants;
}

/** Returns bytes of any form as a Uint8Array, and undefined for anything else, such as a Proxy whose traps throw. */
function tryToBytes(value: object): Uint8Array | undefined {
  try {
    return toBytes(value);
  } catch {
    return undefined;
  }
}

/** Returns the text of an object with a `toString` of its own, e.g. a URL or a String object; otherwise "". */
function readOwnText(value: object): string {
  try {
    const text = String(value);
    return text.startsWith("[object ") ? "" : text;
  } catch {
    return "";
  }
}

function listChildren(value: unknown): unknown[] {
  try {
    if (!isObject(value)) {
      return [];
    }
    const more = value instanceof Map || value instanceof Set ? [...value.values()] : [];
    return [...Object.keys(value).map((key) => tryReadProperty(value, key)), ...more];
  } catch {
    return [];
  }
}

function tryReadProperty(value: unknown, name: string): unknown {
  return isObject(value) ? readProperty(value, name) : undefined;
}
