// Removes from declaration files what no entry needs: modules export more to each other than the package exports to its users.
// rolldown-plugin-dts does the same, but needs a newer Node.js or an older TypeScript than this project has.
import { posix } from "node:path";
import { parseSync } from "rolldown/utils";
import { visitNodes } from "./visit-nodes.mjs";

/**
 * Returns the parts of declaration files that users can reach. `texts` has the text of each file by its path, and `entries` has the
 * paths of the files that users import. Files of which nothing is left are not in the result.
 */
export function keepUsedDeclarations(texts, entries) {
  const files = Object.fromEntries(
    Object.entries(texts).map(([path, text]) => [path, parseStatements(path, text)]),
  );
  const used = findUsedNames(files, entries);
  return Object.fromEntries(
    [...used].map(([path, names]) => [path, formatStatements(files[path], names)]),
  );
}

/**
 * Parses a declaration file into its statements:
 *
 * - a declaration has the `names` that it declares, the names that it `mentions`, and the files that it imports by `import("…")`
 * - an import or export has `specifiers`, each with the file and the name there, if it comes from another of our files
 * - `export *` has the file that it exports
 */
function parseStatements(path, text) {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) {
    throw new Error(`${path}: ${errors[0].message}`);
  }
  const fileOf = (source) =>
    source?.value.startsWith(".")
      ? posix.join(posix.dirname(path), source.value).replace(/\.js$/, ".d.ts")
      : undefined;
  let previousEnd = 0;
  return program.body.map((node) => {
    const common = {
      comment: text.slice(previousEnd, node.start),
      code: text.slice(node.start, node.end),
      isExport: node.type.startsWith("Export"),
    };
    previousEnd = node.end;
    if (node.type === "ExportAllDeclaration") {
      return { ...common, type: "export all", file: fileOf(node.source) };
    }
    if (node.specifiers !== undefined && !node.declaration) {
      const specifiers = node.specifiers.map(({ start, end, local, imported, exported }) => ({
        code: text.slice(start, end),
        name: (exported ?? local).name,
        target: { file: fileOf(node.source) ?? path, name: (imported ?? local).name },
      }));
      return { ...common, type: "list", specifiers };
    }
    return {
      ...common,
      type: "declaration",
      ...parseDeclaration(node.declaration ?? node, fileOf),
    };
  });
}

function parseDeclaration(declaration, fileOf) {
  const names = (declaration.declarations ?? [declaration]).map(({ id }) => id.name);
  const mentions = new Set();
  const importedFiles = new Set();
  visitNodes(declaration, ({ type, name, source }) => {
    if (type === "Identifier") {
      mentions.add(name);
    } else if (type === "TSImportType") {
      importedFiles.add(fileOf(source));
    }
  });
  return { names, mentions, importedFiles };
}

/** Finds the names that the entries need. Returns them by the file in which they are declared, imported or exported. */
function findUsedNames(files, entries) {
  const used = new Map();
  const useName = (path, name) => {
    const statements = files[path].filter((statement) => namesOf(statement).includes(name));
    const names = used.get(path) ?? new Set();
    if (names.has(name)) {
      return;
    }
    if (statements.length > 0) {
      used.set(path, names.add(name));
    }
    for (const { specifiers = [], mentions = [], importedFiles = [] } of statements) {
      specifiers
        .filter((each) => each.name === name)
        .forEach(({ target }) => useName(target.file, target.name));
      mentions.forEach((mention) => useName(path, mention));
      importedFiles.forEach(useExports);
    }
  };
  const useExports = (path) => {
    for (const statement of files[path].filter(({ isExport }) => isExport)) {
      namesOf(statement).forEach((name) => useName(path, name));
      if (statement.type === "export all") {
        used.set(path, used.get(path) ?? new Set());
        useExports(statement.file);
      }
    }
  };
  entries.forEach(useExports);
  return used;
}

/** Returns the names that a statement declares, imports or exports. */
function namesOf({ names = [], specifiers = [] }) {
  return [...names, ...specifiers.map(({ name }) => name)];
}

/** Formats the statements of a file of which only `names` are used. */
function formatStatements(statements, names) {
  return statements
    .map((statement) => {
      const { comment, code, type, specifiers } = statement;
      if (type === "list" && specifiers.length > 0) {
        const kept = specifiers.filter(({ name }) => names.has(name)).map((each) => each.code);
        const list = `{ ${kept.join(", ")} }`;
        return kept.length === 0 ? "" : comment + code.replace(/\{.*\}/s, () => list);
      }
      return type === "declaration" && !namesOf(statement).some((name) => names.has(name))
        ? ""
        : comment + code;
    })
    .join("")
    .trimStart()
    .concat("\n");
}
