// Prepares the declarations of the package, after the compiler has written them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { listDependents, listFiles } from "./reachable-files.mjs";
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
  const { exports: targets } = JSON.parse(read("package.json"));
  const entries = Object.values(targets)
    .flatMap(({ types = [] }) => types)
    .map(posix.normalize);
  const declarations = listFiles(root, ["dist/src", "dist/gen"], ".d.ts");
  const used = keepUsedDeclarations(
    Object.fromEntries(declarations.map((path) => [path, read(path)])),
    entries,
  );
  const importsOf = (path) =>
    Array.from(used[path].matchAll(ownImport), ([, name]) => declarationOf(path, name));
  const needConnect = listDependents(Object.keys(used), importsOf, (path) =>
    connectImport.test(used[path]),
  );
  declarations.forEach((path) => rmSync(join(root, path)));
  for (const [path, text] of Object.entries(used)) {
    write(join(root, commonJsOf(path)), text);
    if (needConnect.has(path) || entries.includes(path)) {
      const toImport = (name) => {
        const imported = declarationOf(path, name);
        return needConnect.has(imported) ? name : relativeImport(path, commonJsOf(imported));
      };
      write(
        join(root, path),
        text.replace(ownImport, (_, name) => `${toImport(name)}.js`),
      );
    }
  }
  write(join(root, commonJsTypes, "package.json"), '{ "type": "commonjs" }\n');
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
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
