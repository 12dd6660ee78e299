// Prepares the declarations of the package, after the compiler has written them.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { listDependents, listFiles, listReachable } from "./reachable-files.mjs";
import { keepUsedDeclarations } from "./used-declarations.mjs";

/** The import of another file of the package in a declaration: the path without its extension. */
const ownImport = /(?<=\b(?:from |import\()")(\.[^"]+)\.js(?=")/g;

/** The import of Connect. */
const connectImport = /\b(?:from |import\()"@connectrpc\/connect"/;

/** The folder of the declarations for CommonJS. The package.json in it makes TypeScript read them as CommonJS. */
const commonJsTypes = "dist/cjs-types";

/**
 * Removes the declarations that no user can reach, and copies the others for `require` and for `import` in CommonJS files. `root` is
 * the folder with `dist`.
 *
 * Only declarations that need Connect exist in both forms, because TypeScript does not take the `Transport` of Connect's CommonJS
 * declarations for that of its ES declarations. All others exist as CommonJS, which ES declarations may import; the types of messages
 * are the same in both forms. The copies have the names of the originals, because npm packs files of one name beside each other, where
 * both compress together.
 */
export function finishDeclarations(root) {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const importsOf = (path) =>
    Array.from(read(path).matchAll(ownImport), ([, name]) => declarationOf(path, name));
  const { exports: targets } = JSON.parse(read("package.json"));
  const entries = Object.values(targets)
    .flatMap(({ types = [] }) => types)
    .map(posix.normalize);
  const texts = listFiles(root, ["dist/src", "dist/gen"], ".d.ts").map((path) => [
    path,
    read(path),
  ]);
  const used = keepUsedDeclarations(Object.fromEntries(texts), entries);
  for (const [path, text] of Object.entries(used)) {
    writeFileSync(join(root, path), text);
  }
  const reachable = listReachable(entries, importsOf);
  const twice = listDependents(reachable, importsOf, (path) => connectImport.test(read(path)));
  for (const path of reachable) {
    cpSync(join(root, path), join(root, commonJsOf(path)));
  }
  writeFileSync(join(root, commonJsTypes, "package.json"), '{ "type": "commonjs" }\n');
  for (const path of listFiles(root, ["dist/src", "dist/gen"], ".d.ts")) {
    if (twice.has(path) || entries.includes(path)) {
      const toImport = (name) => {
        const imported = declarationOf(path, name);
        return twice.has(imported) ? name : relativeImport(path, commonJsOf(imported));
      };
      const text = read(path).replace(ownImport, (_, name) => `${toImport(name)}.js`);
      writeFileSync(join(root, path), text);
    } else {
      rmSync(join(root, path));
    }
  }
}

/** Returns the path of the declaration that the file `path` imports by `name`. */
function declarationOf(path, name) {
  return `${posix.join(posix.dirname(path), name)}.d.ts`;
}

/** Returns the name by which the file `path` imports the declaration `imported`. */
function relativeImport(path, imported) {
  return posix.relative(posix.dirname(path), imported).replace(/\.d\.ts$/, "");
}

/** Returns the path of the copy for CommonJS. */
function commonJsOf(path) {
  return posix.join(commonJsTypes, posix.relative("dist", path));
}
