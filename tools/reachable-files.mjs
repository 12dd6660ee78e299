// Finds files of the package by their imports. Paths are relative to the root of the project, with slashes.
import { readdirSync } from "node:fs";
import { join, posix } from "node:path";

/** Lists the files that `entries` reach, including themselves. `importsOf` returns the paths that a file imports. */
export function listReachable(entries, importsOf) {
  const reached = new Set(entries);
  // A set visits the values that are added during the loop, too.
  for (const path of reached) {
    importsOf(path).forEach((imported) => reached.add(imported));
  }
  return reached;
}

/** Lists the files of `paths` for which `isWanted` returns true, and those that reach one of them. */
export function listDependents(paths, importsOf, isWanted) {
  return new Set(
    [...paths].filter((path) =>
      [...listReachable([path], importsOf)].some((each) => isWanted(each)),
    ),
  );
}

/** Lists the files below `folders` whose name ends with `extension`. */
export function listFiles(root, folders, extension) {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((path) => path.endsWith(extension))
      .map((path) => posix.join(folder, path.replaceAll("\\", "/"))),
  );
}
