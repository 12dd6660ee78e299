// Finds the sources of the files that package.json names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const {
  name: packageName,
  exports,
  imports,
} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Returns the source file of a compiled file or of its declarations: "src/index.ts" for "./dist/src/index.js". */
export function sourceOf(output) {
  const [, name] = /^\.\/dist\/src\/(.+?)(?:\.d\.ts|\.js)$/.exec(output) ?? [];
  return name === undefined ? undefined : `src/${name}.ts`;
}

/** Returns the source file of each entry that users import, such as "zitadel-idp/otel". */
export function listEntrySources() {
  // An entry without types, such as the JSON schema, has no source.
  return listSources(exports, "types", (entry) => entry.replace(/^\./, packageName));
}

/**
 * Returns the absolute path of the source of each entry that users import, and of the `imports` of package.json in Node.js. Tests,
 * and programs that run from the sources, resolve these names to them.
 */
export function listSourceAliases() {
  const sources = { ...listEntrySources(), ...listSources(imports, "node") };
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, join(root, source)]),
  );
}

/** Returns the source of each target that has one under a condition. */
function listSources(targets, condition, toName = (key) => key) {
  return Object.fromEntries(
    Object.entries(targets).flatMap(([key, target]) => {
      const source = sourceOf(target[condition] ?? "");
      return source === undefined ? [] : [[toName(key), source]];
    }),
  );
}
