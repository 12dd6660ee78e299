import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly optional?: boolean | string | null;
  readonly typeAnnotation?: Node | null;
  readonly typeName?: { readonly name?: string };
  readonly types?: readonly Node[];
}

/** Returns the optional properties of declarations that do not accept `undefined` under `exactOptionalPropertyTypes`. */
function findStrictProperties(text: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) {
      return;
    }
    if (isStrict(node as Node)) {
      const { start, end } = node as Node;
      found.push(text.slice(start, end).replaceAll(/\s+/g, " "));
    }
    Object.values(node).forEach(visit);
  };
  visit(parseAst(text, { lang: "ts" }).body);
  return found;
}

function isStrict({ type, optional, typeAnnotation, typeName }: Node): boolean {
  switch (type) {
    case "TSPropertySignature":
    case "PropertyDefinition":
      return optional === true && !acceptsUndefined(typeAnnotation?.typeAnnotation);
    // An optional method cannot be undefined; a property that holds a function can.
    case "TSMethodSignature":
      return optional === true;
    case "TSMappedType":
      return (optional === true || optional === "+") && !acceptsUndefined(typeAnnotation);
    case "TSTypeReference":
      return typeName?.name === "Partial";
    default:
      return false;
  }
}

function acceptsUndefined(type: Node | null | undefined): boolean {
  return (
    type?.type === "TSUndefinedKeyword" ||
    type?.type === "TSUnknownKeyword" ||
    (type?.type === "TSUnionType" && (type.types ?? []).some(acceptsUndefined))
  );
}

/** Internal files, whose `Partial` types no user writes. */
const internal =
  /^dist\/cjs-types\/src\/(?:(?:rest|runtime|utils)\/|transport\/json-settings\.d\.ts$)/;

/** The declarations that users can reach; the build deletes all others. */
const declarations = readdirSync(join(root, "dist/cjs-types"), {
  recursive: true,
  encoding: "utf8",
})
  .filter((path) => path.endsWith(".d.ts"))
  .map((path) => `dist/cjs-types/${path.replaceAll("\\", "/")}`);

// The requests of RPCs are no declarations: MessageInitShape of protobuf-es makes their fields optional, and does not accept undefined.
// That is on purpose, because such a field would be left out. test/package/consumer/main.ts checks it.
describe("an optional property", () => {
  test("accepts undefined in each public declaration", () => {
    expect(declarations.length).toBeGreaterThan(80);
    const strict = declarations
      .filter((path) => !internal.test(path))
      .flatMap((path) =>
        findStrictProperties(readFileSync(join(root, path), "utf8")).map(
          (each) => `${path}: ${each}`,
        ),
      );
    expect(strict).toEqual([]);
  });

  test.each([
    ["interface A { a?: string }", ["a?: string"]],
    ["interface A { a?: string | undefined; b: number; c?: unknown }", []],
    ["interface A { a?(): void }", ["a?(): void"]],
    ["type A = { [K in B]?: string };", ["{ [K in B]?: string }"]],
    ["type A = { [K in B]-?: string };", []],
    ["type A = Partial<B>;", ["Partial<B>"]],
  ])("is found if it does not: %s", (text, strict) => {
    expect(findStrictProperties(text)).toEqual(strict);
  });
});
