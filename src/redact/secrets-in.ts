import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { formsOfBytes, formsOfText } from "./forms.js";
import { isSecret } from "./is-secret.js";

/**
 * The texts that must not be shown of a request: the values of all fields that the protos mark with `debug_redact`, at any
 * depth, in every form in which a layer below may repeat them.
 *
 * `input` is the request as the caller gave it: a message, an init object, or something that only should have been one. A
 * value of a wrong type (a number, text in place of bytes) is found too, because exactly that is what an error will be
 * about; a field is found under each of its names. Never throws.
 *
 * Secrets of less than four characters are left out, as are booleans: to take them out would tear every text apart.
 */
export function secretsIn(desc: DescMessage, input: unknown): string[] {
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
        if (isSecret(field)) {
          for (const form of formsIn(given)) {
            found.add(form);
          }
        } else if (field.message) {
          const { message } = field;
          // A list or a map, where one belongs and where not.
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
    // Under a case that does not exist, it could be each.
    values.push(!known || read(chosen, "case") === field.localName ? value : undefined);
  }
  return values.filter((value) => value !== undefined);
}

/** All that may be a secret in the value of a secret field, whatever it is. */
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
        forms.push(...(bytes ? formsOfBytes(bytes) : formsOfText(ownText(value))));
        todo.push(...(bytes ? [] : childrenOf(value)));
      }
    } else if (typeof value === "symbol") {
      forms.push(...formsOfText(value.description ?? ""));
    } else if (/^(?:string|number|bigint)$/.test(typeof value)) {
      forms.push(...formsOfText(String(value)));
    }
  }
  return forms;
}

/** Bytes in their usual form, in that of other realms, and as a list of numbers, which protobuf-es takes for bytes too. */
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

/** What an object says that it is as text: a URL, a String object, anything with a toString of its own. */
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
