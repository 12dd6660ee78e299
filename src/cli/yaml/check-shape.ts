import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { FileError } from "../errors/file-error.js";
import type { YamlFile } from "./parse-yaml.js";

/** The kind of value that a place in a file takes. `"any"` is not checked here; the code that uses the value checks it. */
export type YamlShape =
  | "text"
  | "flag"
  | "any"
  | { readonly list: YamlShape }
  | { readonly each: YamlShape }
  | { readonly members: Readonly<Record<string, YamlShape>>; readonly required: readonly string[] };

/**
 * Checks that a file has a shape. Throws a FileError for the first value that does not fit. `what` names the file, e.g. "the
 * seed".
 */
export function checkShape(file: YamlFile, shape: YamlShape, what: string): void {
  const mistake = check(file, file.document.contents, shape, what, what);
  if (mistake !== undefined) {
    throw new FileError([file.problem(mistake.at, mistake.what)]);
  }
}

interface Mistake {
  /** The offset in characters from the start of the file. */
  readonly at: number;
  readonly what: string;
}

/** Returns the first mistake in a node and its children, or undefined. */
function check(
  file: YamlFile,
  node: Node | null | undefined,
  shape: YamlShape,
  where: string,
  whole: string,
): Mistake | undefined {
  file.count(1);
  if (isAlias(node)) {
    const target = file.follow(node);
    return target === undefined
      ? {
          at: node.range?.[0] ?? 0,
          what: `${where}: no anchor of this name comes before the alias`,
        }
      : check(file, target, shape, where, whole);
  }
  const at = node?.range?.[0] ?? 0;
  const value: unknown = isScalar(node) ? node.value : undefined;
  if (shape === "any") {
    return undefined;
  }
  if (shape === "text") {
    return typeof value === "string"
      ? undefined
      : { at, what: `${where} must be text${isScalar(node) ? "; put it in quotes" : ""}` };
  }
  if (shape === "flag") {
    return typeof value === "boolean" ? undefined : { at, what: `${where} must be true or false` };
  }
  if ("list" in shape) {
    return isSeq<Node>(node)
      ? firstOf(node.items, (item, index) =>
          check(file, item, shape.list, `${where}[${index}]`, whole),
        )
      : { at, what: `${where} must be a list` };
  }
  if (!isMap<Node, Node>(node)) {
    return { at, what: `${where} must be an object` };
  }
  const names = node.items.map(({ key }) => (isScalar(key) ? String(key.value) : ""));
  const missing =
    "members" in shape ? shape.required.find((name) => !names.includes(name)) : undefined;
  if (missing !== undefined) {
    return { at, what: `${where} needs the member ${missing}` };
  }
  return firstOf(node.items, ({ key, value: member }, index) => {
    const name = names[index] ?? "";
    const inner = "each" in shape ? shape.each : shape.members[name];
    if (inner !== undefined) {
      return check(file, member ?? key, inner, where === whole ? name : `${where}.${name}`, whole);
    }
    const known = "members" in shape ? Object.keys(shape.members).join(", ") : "";
    return {
      at: key.range?.[0] ?? at,
      what: `${where} has no member ${name}; the members are ${known}`,
    };
  });
}

function firstOf<T, U>(
  items: readonly T[],
  find: (item: T, index: number) => U | undefined,
): U | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
