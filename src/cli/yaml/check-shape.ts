import { isAlias, isMap, isScalar, isSeq, type Node } from "yaml";
import { FileError } from "../errors/file-error.js";
import type { YamlFile } from "./parse-yaml.js";
import type { YamlMistake } from "./yaml-mistakes.js";
import { getNodeOffset } from "./yaml-nodes.js";

/** The kind of value at a place in a file. `"any"` accepts any value, which the code that uses it must check. */
export type YamlShape =
  | "text"
  | "flag"
  | "any"
  | { readonly list: YamlShape }
  | { readonly each: YamlShape }
  | ObjectShape;

/** The shape of an object with known members. */
interface ObjectShape {
  readonly members: Readonly<Record<string, YamlShape>>;
  readonly required: readonly string[];
}

/**
 * Checks that a file has a shape. Throws a FileError for the first value that does not fit. `fileName` names the file in errors,
 * e.g. "the seed".
 */
export function checkShape(file: YamlFile, shape: YamlShape, fileName: string): void {
  const mistake = new ShapeCheck(file, fileName).findMistake(
    file.document.contents,
    shape,
    fileName,
  );
  if (mistake !== undefined) {
    throw new FileError([file.problemAt(mistake.offset, mistake.message)]);
  }
}

/** The check of one file. In its methods, `place` is the path of a value as errors show it. */
class ShapeCheck {
  readonly #file: YamlFile;
  readonly #fileName: string;

  constructor(file: YamlFile, fileName: string) {
    this.#file = file;
    this.#fileName = fileName;
  }

  /** Returns the first mistake in a node and its children, or undefined. */
  findMistake(
    node: Node | null | undefined,
    shape: YamlShape,
    place: string,
  ): YamlMistake | undefined {
    this.#file.countValues(1);
    const offset = getNodeOffset(node);
    if (isAlias(node)) {
      const target = this.#file.resolveAlias(node);
      return target === undefined
        ? { offset, message: `${place}: no anchor of this name comes before the alias` }
        : this.findMistake(target, shape, place);
    }
    if (shape === "any") {
      return undefined;
    }
    if (shape === "text" || shape === "flag") {
      return findScalarMistake(node, shape, place);
    }
    if ("list" in shape) {
      return isSeq<Node>(node)
        ? findFirstResult(node.items, (item, index) =>
            this.findMistake(item, shape.list, `${place}[${index}]`),
          )
        : { offset, message: `${place} must be a list` };
    }
    if (!isMap<Node, Node>(node)) {
      return { offset, message: `${place} must be an object` };
    }
    const members = node.items.map(({ key, value }) => ({
      name: isScalar(key) ? String(key.value) : "",
      key,
      value: value ?? key,
    }));
    return "each" in shape
      ? findFirstResult(members, ({ name, value }) =>
          this.findMistake(value, shape.each, this.#placeOfMember(place, name)),
        )
      : this.#findMemberMistake(members, shape, place, offset);
  }

  #findMemberMistake(
    members: readonly { readonly name: string; readonly key: Node; readonly value: Node }[],
    shape: ObjectShape,
    place: string,
    offset: number,
  ): YamlMistake | undefined {
    const names = members.map(({ name }) => name);
    const missing = shape.required.find((name) => !names.includes(name));
    if (missing !== undefined) {
      return { offset, message: `${place} needs the member ${missing}` };
    }
    return findFirstResult(members, ({ name, key, value }) => {
      const memberShape = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
      return memberShape === undefined
        ? {
            offset: key.range?.[0] ?? offset,
            message: `${place} has no member ${name}; the members are ${Object.keys(shape.members).join(", ")}`,
          }
        : this.findMistake(value, memberShape, this.#placeOfMember(place, name));
    });
  }

  #placeOfMember(place: string, name: string): string {
    return place === this.#fileName ? name : `${place}.${name}`;
  }
}

function findScalarMistake(
  node: Node | null | undefined,
  shape: "text" | "flag",
  place: string,
): YamlMistake | undefined {
  const value: unknown = isScalar(node) ? node.value : undefined;
  const offset = getNodeOffset(node);
  if (shape === "flag") {
    return typeof value === "boolean"
      ? undefined
      : { offset, message: `${place} must be true or false` };
  }
  return typeof value === "string"
    ? undefined
    : { offset, message: `${place} must be text${isScalar(node) ? "; put it in quotes" : ""}` };
}

/** Returns the first result of `find` that is not undefined. */
function findFirstResult<T, U>(
  items: readonly T[],
  find: (item: T, index: number) => U | undefined,
): U | undefined {
  for (const [index, item] of items.entries()) {
    const result = find(item, index);
    if (result !== undefined) {
      return result;
    }
  }
  return undefined;
}
