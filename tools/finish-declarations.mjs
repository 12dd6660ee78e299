// Prepares the declarations of the package, after the compiler has written them.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The import of another file of the package in a declaration: the path without its extension. */
const ownImport = /(?<=\b(?:from |import\()")(\.[^"]+)\.js(?=")/g;

/**
 * Writes a copy of each declaration that a user can reach as `.d.cts`, for `require` and for `import` in CommonJS files, and
 * deletes the declarations that no user can reach. `root` is the folder with `dist`.
 *
 * The copies import the CommonJS declarations of protobuf-es and Connect. For TypeScript, these have other message types than the
 * declarations of the ES modules.
 */
export function finishDeclarations(root) {
  const { exports: targets } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const read = (path) => readFileSync(join(root, path), "utf8");
  const reachable = new Set(
    Object.values(targets)
      .flatMap(({ types = [] }) => types)
      .map(posix.normalize),
  );
  // A set visits the values that are added during the loop, too.
  for (const path of reachable) {
    for (const [, imported] of read(path).matchAll(ownImport)) {
      reachable.add(`${posix.join(posix.dirname(path), imported)}.d.ts`);
    }
  }
  for (const path of listDeclarations(root)) {
    if (!reachable.has(path)) {
      rmSync(join(root, path));
    }
  }
  for (const path of reachable) {
    const copy = path.replace(/\.d\.ts$/, ".d.cts");
    writeFileSync(join(root, copy), read(path).replaceAll(ownImport, "$1.cjs"));
  }
}

/** Lists the declarations of the package, as paths from the root. */
function listDeclarations(root) {
  return ["dist/src", "dist/gen"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((path) => path.endsWith(".d.ts"))
      .map((path) => posix.join(folder, path.replaceAll("\\", "/"))),
  );
}
