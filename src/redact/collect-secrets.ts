import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { listBytesVariants, listTextVariants } from "./secret-variants.js";
import { isSecretField } from "./is-secret-field.js";

/**
 * Returns the texts of a request that must not be displayed: the values of all fields that the protos mark with `debug_redact`,
 * at any depth, in every form in which a lower layer may repeat them. Never throws.
 *
 * `input` is the request of the caller: a message, an init object, or an invalid value. A value of a wrong type (a number, text
 * instead of bytes) is found too, because an error is most likely about such a value. A field is found under each of its names.
 *
 * Secrets of fewer than four characters and booleans are left out: removing them would make every text unreadable.
 */
export function collectSecrets(desc: DescMessage, input: unknown): string[] {
  const found = new Set<string>();
  const seen = new Map<object, Set<DescMessage>>();
  const todo: [desc: DescMessage, value: unknown][] = [[desc, input]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [type, value] = next;
    if (typeof value !== "object" || value === null || seen.get(value)?.has(type)) {
      continue;
    }
    seen.set(value, (seen.get(value) ?? new Set()).add(type));
    for (const field of type.fields) {
      for (const given of valuesOf(field, value)) {
        if (isSecretField(field)) {
          for (const form of formsIn(given)) {
            found.add(form);
          }
        } else if (field.message) {
          const { message } = field;
          // Treats the value as a list or a map too, even if the field is neither.
          todo.push(
            [message, given],
            ...childrenOf(given).map((item): [DescMessage, unknown] => [message, item]),
          );
        }
      }
    }
  }
  return [...found];
}

function valuesOf(field: DescField, message: object): unknown[] {
  const names = [...new Set([field.localName, field.jsonName, field.name])];
  const values = names.map((name) => read(message, name));
  if (field.oneof !== undefined) {
    const chosen = read(message, field.oneof.localName);
    const value = read(chosen, "value");
    const known = field.oneof.fields.some((each) => each.localName === read(chosen, "case"));
    // If the case does not exist, the value may belong to any field.
    values.push(!known || read(chosen, "case") === field.localName ? value : undefined);
  }
  return values.filter((value) => value !== undefined);
}

/** Returns all texts in the value of a secret field, whatever its type. */
function formsIn(secret: unknown): string[] {
  const forms: string[] = [];
  const seen = new Set<unknown>();
  const todo = [secret];
  while (todo.length > 0) {
    const value = todo.pop();
    if (typeof value === "object" && value !== null) {
      if (!seen.has(value)) {
        seen.add(value);
        const bytes = bytesOf(value);
        forms.push(...(bytes ? listBytesVariants(bytes) : listTextVariants(ownText(value))));
        todo.push(...(bytes ? [] : childrenOf(value)));
      }
    } else if (typeof value === "symbol") {
      forms.push(...listTextVariants(value.description ?? ""));
    } else if (/^(?:string|number|bigint)$/.test(typeof value)) {
      forms.push(...listTextVariants(String(value)));
    }
  }
  return forms;
}

/**
 * Returns bytes as a Uint8Array: in their usual form, of another realm, or as a list of numbers, which protobuf-es accepts as
 * bytes. Returns undefined for anything else.
 */
function bytesOf(value: object): Uint8Array | undefined {
  try {
    if (ArrayBuffer.isView(value)) {
      return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    }
    if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") {
      return new Uint8Array(value as ArrayBuffer);
    }
    const list = Array.isArray(value) && value.length > 0 ? (value as unknown[]) : undefined;
    return list?.every((item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256)
      ? Uint8Array.from(list as number[])
      : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the text of an object with a `toString` of its own, e.g. a URL or a String object; otherwise "". */
function ownText(value: object): string {
  try {
    const text = String(value);
    return text.startsWith("[object ") ? "" : text;
  } catch {
    return "";
  }
}

function childrenOf(value: unknown): unknown[] {
  try {
    if (typeof value !== "object" || value === null) {
      return [];
    }
    const more = value instanceof Map || value instanceof Set ? [...value.values()] : [];
    return [...Object.keys(value).map((key) => read(value, key)), ...more];
  } catch {
    return [];
  }
}

function read(value: unknown, name: string): unknown {
  try {
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)[name]
      : undefined;
  } catch {
    return undefined;
  }
}
