import type { FieldSpec } from "../../../gen/providers.js";
import type { ProviderType } from "../../providers/index.js";
import { suggestField } from "../../providers/model/checks/suggest-name.js";
import { getPartFields, getTypeFields } from "../../providers/model/field-specs.js";
import { isPlainObject } from "../../utils/is-plain-object.js";

/** The meaning of a text for a list: an entry, or the complete list as JSON. */
type TextMeaning = "entry" | "complete";

/** The fields that the options of a command set on a provider. The library checks their values later. */
export class FieldAssignments {
  readonly values: Record<string, unknown> = {};
  readonly #type: ProviderType;

  constructor(type: ProviderType) {
    this.#type = type;
  }

  /** Sets a field, or a part of a field such as `options.isAutoUpdate`. Returns the problem, or undefined. */
  set(path: string, text: string, meaning: TextMeaning): string | undefined {
    const [name = "", inner, ...more] = path.split(".");
    const fields = getTypeFields(this.#type);
    const spec = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (spec === undefined) {
      return `a provider of type ${this.#type} has no ${name}; ${suggestField(name, Object.keys(fields))}`;
    }
    if (inner === undefined) {
      return setMember(this.values, name, spec, text, meaning);
    }
    const parts = spec.kind === "object" ? getPartFields(spec) : {};
    const part = Object.hasOwn(parts, inner) && more.length === 0 ? parts[inner] : undefined;
    if (part === undefined) {
      return spec.kind === "object"
        ? `${name} has no ${[inner, ...more].join(".")}; ${suggestField(inner, Object.keys(parts))}`
        : `${name} has no parts`;
    }
    const before = this.values[name];
    const holder = isPlainObject(before) ? { ...before } : {};
    this.values[name] = holder;
    return setMember(holder, inner, part, text, meaning);
  }
}

function setMember(
  holder: Record<string, unknown>,
  name: string,
  spec: FieldSpec,
  text: string,
  meaning: TextMeaning,
): string | undefined {
  const before = holder[name];
  if (spec.kind === "texts" && meaning === "entry" && !text.startsWith("[")) {
    if (text.includes(",")) {
      return `is a single entry with a comma: repeat --set ${name}=… for each entry, or pass a JSON list: --set '${name}=["one","two"]'`;
    }
    // An empty text stands for the empty list.
    const added = text === "" ? [] : [text];
    holder[name] = [...(Array.isArray(before) ? (before as unknown[]) : []), ...added];
    return undefined;
  }
  if (before !== undefined) {
    return "is set twice";
  }
  switch (spec.kind) {
    case "flag":
      holder[name] = text === "true" ? true : text === "false" ? false : text;
      return undefined;
    case "texts":
    case "object":
    case "objects":
      try {
        holder[name] = JSON.parse(text) as unknown;
        return undefined;
      } catch {
        return spec.kind === "texts"
          ? `must be a JSON list with each entry in quotes: '${name}=["one","two"]'`
          : "must be JSON";
      }
    default:
      holder[name] = text;
      return undefined;
  }
}
