import { readFileSync } from "node:fs";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { EmulatorSeed } from "../emulator/index.js";
import { seedShape, type Shape } from "./seed-shape.js";

/**
 * Reads a seed in YAML, and so in JSON, which is YAML too.
 *
 * Throws an Error that says where in the file the mistake is, and never repeats a value that stands there: it may be a secret.
 */
export function readSeedFile(file: string): EmulatorSeed {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(
      `cannot read the seed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mistake =
    syntaxMistake(document) ?? check(document, document.contents, seedShape, "the seed");
  if (mistake !== undefined) {
    const { line, col } = lines.linePos(mistake.at);
    throw new Error(`${file}:${line}:${col}: ${mistake.what}`);
  }
  return document.toJS() as EmulatorSeed;
}

interface Mistake {
  /** Characters from the start of the file. */
  readonly at: number;
  readonly what: string;
}

function syntaxMistake({ errors, warnings }: Document.Parsed): Mistake | undefined {
  const [first] = [...errors, ...warnings];
  return first && { at: first.pos[0], what: first.message };
}

/** The first part that does not have its shape. */
function check(
  document: Document.Parsed,
  node: Node | null | undefined,
  shape: Shape,
  where: string,
): Mistake | undefined {
  if (isAlias(node)) {
    return check(document, node.resolve(document), shape, where);
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
          check(document, item, shape.list, `${where}[${index}]`),
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
    return { at, what: `${where} has no ${missing}` };
  }
  return firstOf(node.items, ({ key, value: member }, index) => {
    const name = names[index] ?? "";
    const inner = "each" in shape ? shape.each : shape.members[name];
    if (inner !== undefined) {
      return check(
        document,
        member ?? key,
        inner,
        where === "the seed" ? name : `${where}.${name}`,
      );
    }
    const known = "members" in shape ? Object.keys(shape.members).join(", ") : "";
    return {
      at: key.range?.[0] ?? at,
      what: `${where} has no member ${name}; it may have ${known}`,
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
