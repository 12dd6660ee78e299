import type { HeaderField, HeaderList } from "../wire/http-message.js";

/** Converts Node's flat list of names and values into pairs with lower-case names. */
export function toHeaderList(raw: readonly string[]): HeaderList {
  const list: HeaderField[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    list.push([(raw[index] ?? "").toLowerCase(), raw[index + 1] ?? ""]);
  }
  return list;
}

/** Groups headers by name, as Node expects them. A repeated header becomes a list. */
export function toNodeHeaders(headers: HeaderList): Record<string, string | string[]> {
  const byName: Record<string, string | string[]> = {};
  for (const [name, value] of headers) {
    const before = byName[name];
    byName[name] = before === undefined ? value : [before, value].flat();
  }
  return byName;
}
