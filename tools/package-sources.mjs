// Finds the sources of the files that package.json names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Returns the source file of a compiled file or of its declarations: "src/index.ts" for "./dist/src/index.js". */
export function sourceOf(output) {
  const [, name] = /^\.\/dist\/src\/(.+?)(?:\.d\.ts|\.js)$/.exec(output) ?? [];
  return name === undefined ? undefined : `src/${name}.ts`;
}

/**
 * Returns the absolute path of the source of each name that package.json declares: of the entries that users import, such as
 * "zitadel-idp/otel", and of its `imports` in Node.js. Tests, and programs that run from the sources, resolve the names to these.
 */
export function listSourceAliases() {
  const { name, exports, imports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const outputs = [
    // An entry without types, such as the JSON schema, has no source.
    ...Object.entries(exports).map(([entry, { types }]) => [entry.replace(/^\./, name), types]),
    ...Object.entries(imports).map(([alias, { node }]) => [alias, node]),
  ];
  return Object.fromEntries(
    outputs.flatMap(([alias, output = ""]) => {
      const source = sourceOf(output);
      return source === undefined ? [] : [[alias, join(root, source)]];
    }),
  );
}
