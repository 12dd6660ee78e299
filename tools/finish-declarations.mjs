// Prepares the declarations of the package, after the compiler has written them.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The import of another file of the package in a declaration: the path without its extension. */
const ownImport = /(?<=\b(?:from |import\()")(\.[^"]+)\.js(?=")/g;

/** The folder of the declarations for CommonJS. The package.json in it makes TypeScript read them as CommonJS. */
const commonJsTypes = "dist/cjs-types";

/**
 * Deletes the declarations that no user can reach, and copies the others for `require` and for `import` in CommonJS files. `root` is
 * the folder with `dist`.
 *
 * As CommonJS, the copies import the CommonJS declarations of protobuf-es and Connect: TypeScript does not take the types of a message
 * from the one kind for those from the other. The copies have the same names as the originals: npm packs files of one name beside
 * each other, where both compress together. With other names, the package has 5 % more bytes.
 */
export function finishDeclarations(root) {
  const { exports: targets } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const reachable = new Set(
    Object.values(targets)
      .flatMap(({ types = [] }) => types)
      .map(posix.normalize),
  );
  // A set visits the values that are added during the loop, too.
  for (const path of reachable) {
    for (const [, imported] of readFileSync(join(root, path), "utf8").matchAll(ownImport)) {
      reachable.add(`${posix.join(posix.dirname(path), imported)}.d.ts`);
    }
  }
  for (const path of listDeclarations(root)) {
    if (!reachable.has(path)) {
      rmSync(join(root, path));
    }
  }
  for (const path of reachable) {
    cpSync(join(root, path), join(root, commonJsTypes, posix.relative("dist", path)));
  }
  writeFileSync(join(root, commonJsTypes, "package.json"), '{ "type": "commonjs" }\n');
}

/** Lists the declarations of the package, as paths from the root. */
function listDeclarations(root) {
  return ["dist/src", "dist/gen"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((path) => path.endsWith(".d.ts"))
      .map((path) => posix.join(folder, path.replaceAll("\\", "/"))),
  );
}
