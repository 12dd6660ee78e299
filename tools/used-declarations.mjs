// Removes from declaration files what no entry needs, which makes the tarball 22 KB smaller: modules export more to each other than
// the package exports to its users.
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
    [...used].map(([path, names]) => [
      path,
      formatStatements(files[path], names, (file) => used.has(file)),
    ]),
  );
}

/** The declarations that a file may have. tsc writes no others, unless a source has a global declaration or a namespace. */
const declarationTypes = new Set([
  "ClassDeclaration",
  "FunctionDeclaration",
  "TSDeclareFunction",
  "TSEnumDeclaration",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "VariableDeclaration",
]);

/**
 * Parses a declaration file into its statements:
 *
 * - a declaration has the `names` that it declares, the names that it `mentions`, and our files that it imports by `import("…")`
 * - an import or export has `specifiers`, each with the file and the name there, if it comes from another of our files
 * - `export *` has the file that it exports, if that is one of ours
 * - an import of a whole package has the `names` that it binds
 * - a reference is a line such as `/// <reference lib="…" />`
 */
function parseStatements(path, text) {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) {
    throw new Error(`${path}: ${errors[0].message}`);
  }
  const [references] = /^(?:\/\/\/.*\n)*/.exec(text);
  let previousEnd = references.length;
  const statements = program.body.map((node) => {
    const comment = text.slice(previousEnd, node.start);
    const code = text.slice(node.start, node.end);
    previousEnd = node.end;
    return { comment, code, ...parseStatement(path, node, text) };
  });
  return [{ type: "reference", comment: "", code: references }, ...statements];
}

function parseStatement(path, node, text) {
  const isExport = node.type.startsWith("Export");
  const fileOf = (source) =>
    source?.value.startsWith(".")
      ? posix.join(posix.dirname(path), source.value).replace(/\.js$/, ".d.ts")
      : undefined;
  if (node.type === "ExportAllDeclaration" && node.exported === null) {
    return { type: "export all", isExport, file: fileOf(node.source) };
  }
  const declaration = node.declaration ?? node;
  if (declarationTypes.has(declaration.type) && node.type !== "ExportDefaultDeclaration") {
    return { type: "declaration", isExport, ...parseDeclaration(declaration, fileOf) };
  }
  const isList = node.specifiers?.every(({ type }) => /^(?:Import|Export)Specifier$/.test(type));
  if (node.type === "ImportDeclaration" && !isList && fileOf(node.source) === undefined) {
    return { type: "package import", names: node.specifiers.map(({ local }) => local.name) };
  }
  if (!isList) {
    const code = text.slice(node.start, node.end);
    throw new Error(`${path}: ${node.type} is not supported in "${code}"`);
  }
  const specifiers = node.specifiers.map(({ start, end, local, imported, exported }) => ({
    code: text.slice(start, end),
    name: (exported ?? local).name,
    target: { file: fileOf(node.source) ?? path, name: (imported ?? local).name },
  }));
  return { type: "list", isExport, specifiers };
}

function parseDeclaration(declaration, fileOf) {
  const names = (declaration.declarations ?? [declaration]).map(({ id }) => id.name);
  const mentions = new Set();
  const importedFiles = new Set();
  visitNodes(declaration, ({ type, name, source }) => {
    if (type === "Identifier") {
      mentions.add(name);
    } else if (type === "TSImportType" && fileOf(source) !== undefined) {
      importedFiles.add(fileOf(source));
    }
  });
  return { names, mentions, importedFiles };
}

/** Finds the names that the entries need. Returns them by the file in which they are declared, imported or exported. */
function findUsedNames(files, entries) {
  const used = new Map(entries.map((path) => [path, new Set()]));
  /** Returns false if the file does not have the name. */
  const useName = (path, name) => {
    const statements = files[path].filter((statement) => namesOf(statement).includes(name));
    if (statements.length === 0) {
      return useReexported(path, name);
    }
    const names = used.get(path) ?? new Set();
    if (!names.has(name)) {
      used.set(path, names.add(name));
      statements.forEach((statement) => useTargets(path, name, statement));
    }
    return true;
  };
  const useReexported = (path, name) => {
    const isFound = reexportsOf(files[path]).some((file) => useName(file, name));
    if (isFound && !used.has(path)) {
      used.set(path, new Set());
    }
    return isFound;
  };
  const useTargets = (path, name, { specifiers = [], mentions = [], importedFiles = [] }) => {
    specifiers
      .filter((each) => each.name === name)
      .forEach(({ target }) => useName(target.file, target.name));
    mentions.forEach((mention) => useName(path, mention));
    importedFiles.forEach(useExports);
  };
  const useExports = (path) => {
    const exported = files[path].filter(({ isExport }) => isExport);
    exported.flatMap(namesOf).forEach((name) => useName(path, name));
    for (const file of reexportsOf(exported)) {
      used.set(path, used.get(path) ?? new Set());
      useExports(file);
    }
  };
  entries.forEach(useExports);
  return used;
}

/** Lists our files of which a file exports everything. */
function reexportsOf(statements) {
  return statements.flatMap(({ type, file }) =>
    type === "export all" && file !== undefined ? [file] : [],
  );
}

/** Returns the names that a statement declares, imports or exports. */
function namesOf({ names = [], specifiers = [] }) {
  return [...names, ...specifiers.map(({ name }) => name)];
}

/** Formats the statements of a file of which only `names` are used. `isUsed` returns true for files of which something is left. */
function formatStatements(statements, names, isUsed) {
  const texts = statements.map(({ comment, code, type, specifiers = [], ...statement }) => {
    const kept = specifiers.filter(({ name }) => names.has(name));
    if (type === "list" && kept.length < specifiers.length) {
      const list = `{ ${kept.map((each) => each.code).join(", ")} }`;
      return kept.length === 0 ? "" : comment + code.replace(/\{.*\}/s, () => list);
    }
    const { names: declared = [], file } = statement;
    const isKept =
      (declared.length === 0 || declared.some((name) => names.has(name))) &&
      (file === undefined || isUsed(file));
    return isKept ? comment + code : "";
  });
  return `${texts.join("").trimStart()}\n`;
}
