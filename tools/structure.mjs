// Checks the structure of the sources by their imports and exports. Each check returns messages that name the files and the fix.
// test/package/structure.test.ts runs the checks on src/.
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";
import { sourceOf } from "./package-sources.mjs";
import { visitNodes } from "./visit-nodes.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Reads the TypeScript and JavaScript files in some folders of the repository. Returns their text by path. */
export function readSources(folders) {
  const paths = folders.flatMap(listFiles).filter((path) => /(?<!\.d)\.m?ts$|\.mjs$/.test(path));
  return Object.fromEntries(
    paths.toSorted().map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

/** Lists the files in a folder and below it. Skips builds and installed packages, which may link back to the repository. */
function listFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return ["node_modules", "dist"].includes(entry.name) ? [] : listFiles(path);
    }
    return [path];
  });
}

/**
 * Parses the imports and exports of `sources`, the text of files by path. An import of a name in `aliases`, the `imports` of
 * package.json, counts as an import of each file that the name stands for.
 */
export function parseModules(sources, aliases = {}) {
  const resolve = (specifier, path) => {
    if (specifier.startsWith("#")) {
      return sourcesOf(aliases[specifier] ?? {});
    }
    const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");
    return specifier.startsWith(".") ? [target] : [];
  };
  return new Map(
    Object.entries(sources).map(([path, text]) => {
      const { imports, ...rest } = parseModule(text);
      const resolved = imports.flatMap(({ specifier, names }) =>
        resolve(specifier, path).map((target) => ({ target, names })),
      );
      return [path, { ...rest, imports: resolved }];
    }),
  );
}

/** Returns the source files of a target in package.json, such as "./dist/src/index.js" for each condition. */
export function sourcesOf(target) {
  const outputs = typeof target === "string" ? [target] : Object.values(target);
  return [...new Set(outputs.flatMap((output) => sourceOf(output) ?? []))];
}

/** Finds circles of imports. The circles have no import in common, so each needs a change of its own. */
export function findCircles(modules) {
  const targets = new Map(
    [...modules].map(([path, { imports }]) => [path, new Set(imports.map((each) => each.target))]),
  );
  const circles = [];
  for (let circle = findShortestCircle(targets); circle; circle = findShortestCircle(targets)) {
    circles.push(`${circle.join(" imports ")}: move what both need into a file of its own`);
    circle.slice(1).forEach((path, index) => targets.get(circle[index]).delete(path));
  }
  return circles;
}

/** Finds imports of higher layers, and folders without a layer. `layers` lists the folders of src, lowest layer first. */
export function findLayerProblems(modules, layers) {
  const levelOf = (folder) => layers.findIndex((layer) => layer.includes(folder));
  const unknown = [...new Set([...modules.keys()].map(folderOf))]
    .filter((folder) => levelOf(folder) === -1)
    .map((folder) => `src/${folder} has no layer: add it to the table in structure.test.ts`);
  const upward = listImports(modules)
    .map(({ path, target }) => ({ path, target, from: folderOf(path), to: folderOf(target) }))
    .filter(({ from, to }) => levelOf(to) > levelOf(from))
    .map(
      ({ path, target, from, to }) =>
        `${path} imports ${target}, but ${from} is below ${to}: move what it needs to ${from} or lower`,
    );
  return [...unknown, ...upward];
}

/** Finds pairs of sibling folders, at every depth, that import each other. */
export function findTwoWayFolders(modules) {
  const edges = new Map();
  for (const each of listImports(modules)) {
    const siblings = findSiblings(each.path, each.target);
    if (siblings !== undefined && !edges.has(siblings.join(" "))) {
      edges.set(siblings.join(" "), { ...each, siblings });
    }
  }
  return [...edges.values()].flatMap(({ path, target, siblings: [from, to] }) => {
    const back = edges.get(`${to} ${from}`);
    return back !== undefined && from < to
      ? [`${path} imports ${target}, and ${back.path} imports ${back.target}: remove one direction`]
      : [];
  });
}

/**
 * Returns the two folders in which the paths of two files part, such as src/a/b and src/a/c for src/a/b/one.ts and src/a/c/d/two.ts.
 * Returns undefined if the folder of one file contains the other file.
 */
function findSiblings(path, target) {
  const [from, to] = [path, target].map((each) => posix.dirname(each).split("/"));
  const depth = from.findIndex((folder, index) => folder !== to[index]);
  return depth === -1 || depth >= to.length
    ? undefined
    : [from, to].map((folders) => folders.slice(0, depth + 1).join("/"));
}

/** Finds files of the same name, except index.ts, and commands with the name of the operation outside of src/cli that they run. */
export function findSharedFileNames(modules) {
  const named = [...modules.keys()].filter((path) => posix.basename(path) !== "index.ts");
  return findDuplicates(named, (path) => posix.basename(path))
    .filter(([, paths]) => !isMirrored(paths))
    .map(
      ([, paths]) => `${paths.join(" and ")} have the same name: name each after what it exports`,
    );
}

/** Returns true for the paths of one command and of its operation. */
function isMirrored(paths) {
  const [command, operation, ...more] = paths.toSorted();
  return (
    command.startsWith("src/cli/commands/") &&
    !operation.startsWith("src/cli/") &&
    more.length === 0
  );
}

/**
 * Finds files with one exported function or class that are not named after it, with or without its verb, nor after a type that they
 * export. `exempt` lists files with other names, such as the entries of the package.
 */
export function findMisnamedFiles(modules, exempt = []) {
  return [...modules].flatMap(([path, { exports, values }]) => {
    const [only, ...others] = values;
    const isExempt = exempt.includes(path) || /\/(?:index\.ts$|cli\/commands\/)/.test(path);
    if (isExempt || only === undefined || others.length > 0 || !only.isFunction) {
      return [];
    }
    const withoutVerb = only.name.replace(/^[a-z]+/, "");
    const types = [...exports].filter((name) => name !== only.name);
    const allowed = [only.name, withoutVerb, ...types].map(toFileName);
    return allowed.includes(toFileName(posix.basename(path, ".ts")))
      ? []
      : [`${path} exports only ${only.name}: name the file after it`];
  });
}

/** Returns a name as file names are compared: without hyphens, capitals and the unit of a time. */
function toFileName(name) {
  return name.replaceAll("-", "").replace(/Ms$/, "").toLowerCase();
}

/** Finds names that two files declare and export. The files that one of `aliases` chooses from are one module, and may share names. */
export function findSharedExports(modules, aliases = {}) {
  const alternatives = Object.values(aliases).map(sourcesOf);
  const first = (path) => alternatives.find((paths) => paths.includes(path))?.[0] ?? path;
  const exported = [...modules].flatMap(([path, { exports }]) =>
    [...exports].map((name) => ({ name, path: first(path) })),
  );
  return findDuplicates(exported, ({ name }) => name).flatMap(([name, found]) => {
    const paths = [...new Set(found.map(({ path }) => path))];
    return paths.length > 1
      ? [`${paths.join(" and ")} each export ${name}: rename one, or import it from the other`]
      : [];
  });
}

/**
 * Finds exports that no other file uses, or only tests. `users` are modules outside of src that may import from it, `entries` the files
 * whose exports are public, and `tests` the modules of tests.
 */
export function findUnusedExports(modules, users, entries, tests = new Map()) {
  const unused = findExportsWithoutUsers(modules, users, entries);
  const untested = new Set(
    findExportsWithoutUsers(modules, new Map([...users, ...tests]), entries).map(describeExport),
  );
  return unused.map((each) => {
    const text = describeExport(each);
    return untested.has(text)
      ? `${text}, which no other file imports: remove the export`
      : `${text}, which only tests import: test it through its users`;
  });
}

function describeExport({ path, name }) {
  return `${path} exports ${name}`;
}

function findExportsWithoutUsers(modules, users, entries) {
  const all = [...modules, ...users];
  // A module that is imported as a whole may be passed on, so any file besides its own may use its exports.
  const counts = countFilesOf(all);
  const anywhere = { has: (name) => (counts.get(name) ?? 0) > 1 };
  return [...modules].flatMap(([path, { exports }]) => {
    if (entries.includes(path)) {
      return [];
    }
    const importers = all.filter(([other]) => other !== path);
    const uses = importers.flatMap(([, { imports }]) =>
      imports.filter(({ target }) => target === path).map(({ names }) => names ?? anywhere),
    );
    return [...exports]
      .filter((name) => !uses.some((names) => names === everyName || names.has(name)))
      .map((name) => ({ path, name }));
  });
}

/** Counts the files that have each identifier. */
function countFilesOf(modules) {
  const counts = new Map();
  for (const [, { identifiers }] of modules) {
    for (const name of identifiers) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** Finds names of package.json `imports` other than #runtime. */
export function findExtraAliases(aliases) {
  return Object.keys(aliases)
    .filter((name) => name !== "#runtime")
    .map((name) => `package.json has ${name} in imports: import the file by its relative path`);
}

/** The names of `export *`. */
const everyName = "*";

/**
 * Parses one file: its imports, the names that it declares and exports, and all identifiers in it. The names of an import are
 * undefined if it imports the whole module: then any identifier may be one of them.
 */
function parseModule(text) {
  const tree = parseAst(text, { lang: "ts" });
  const imports = [];
  const identifiers = new Set();
  const add = (source, names) => imports.push({ specifier: source.value, names });
  visitNodes(tree, (node) => {
    switch (node.type) {
      case "Identifier":
        identifiers.add(node.name);
        break;
      case "ImportDeclaration":
        add(node.source, importedNames(node));
        break;
      case "ImportExpression":
      case "TSImportType":
        add(node.source, undefined);
        break;
      case "ExportAllDeclaration":
        add(node.source, everyName);
        break;
      case "ExportNamedDeclaration":
        if (node.source) {
          add(node.source, new Set(node.specifiers.map(({ local }) => local.name)));
        }
        break;
    }
  });
  return {
    imports: imports.filter(isLiteral),
    exports: exportedNames(tree),
    values: exportedValues(tree),
    identifiers,
  };
}

/** Returns false for `import(path)`, whose target only the running program knows. */
function isLiteral({ specifier }) {
  return typeof specifier === "string";
}

function importedNames({ specifiers }) {
  return specifiers.some(({ type }) => type === "ImportNamespaceSpecifier")
    ? undefined
    : new Set(specifiers.map(({ imported }) => imported?.name ?? "default"));
}

/** Returns the names that a file declares and exports, without those that it imports and passes on. */
function exportedNames({ body }) {
  const imported = new Set(
    body.flatMap(({ type, specifiers }) =>
      type === "ImportDeclaration" ? specifiers.map(({ local }) => local.name) : [],
    ),
  );
  const statements = body.filter(
    ({ type, source }) => type === "ExportNamedDeclaration" && !source,
  );
  return new Set(
    statements.flatMap(({ declaration, specifiers }) => [
      ...declaredNames(declaration),
      ...specifiers
        .filter(({ local }) => !imported.has(local.name))
        .map(({ exported }) => exported.name),
    ]),
  );
}

/** Returns the functions, classes and other values that a file exports. Those that it passes on count as other values. */
function exportedValues({ body }) {
  const values = body.flatMap((statement) => {
    const { declaration, exportKind, specifiers = [], type } = statement;
    if (!/^Export(?:Named|All)Declaration$/.test(type) || exportKind === "type") {
      return [];
    }
    if (type === "ExportAllDeclaration" || !declaration) {
      return (type === "ExportAllDeclaration" ? [statement] : specifiers)
        .filter((each) => each.exportKind !== "type")
        .map((each) => ({ name: each.exported?.name ?? "*", isFunction: false }));
    }
    if (declaration.type === "VariableDeclaration") {
      return declaration.declarations.map(({ id, init }) => ({
        name: id.name,
        isFunction: init?.type === "ArrowFunctionExpression",
      }));
    }
    const isFunction = /^(?:Function|Class|TSDeclareFunction)/.test(declaration.type);
    return isFunction ? [{ name: declaration.id.name, isFunction }] : [];
  });
  // An overloaded function has several declarations.
  return [...new Map(values.map((each) => [each.name, each])).values()];
}

function declaredNames(declaration) {
  const declared = declaration?.declarations ?? (declaration ? [declaration] : []);
  return declared.map(({ id }) => {
    if (id.type !== "Identifier") {
      throw new Error(
        `an exported declaration is a pattern (${id.type}): export a name for each value`,
      );
    }
    return id.name;
  });
}

/** Returns the shortest circle of imports, from a file back to itself. */
function findShortestCircle(targets) {
  let shortest;
  for (const start of targets.keys()) {
    const circle = findPathBack(start, targets);
    if (circle !== undefined && (shortest === undefined || circle.length < shortest.length)) {
      shortest = circle;
    }
  }
  return shortest;
}

/** Searches the imports of `start`, then the imports of those files, and so on, for an import of `start`. */
function findPathBack(start, targets) {
  const importers = new Map();
  const queue = [start];
  for (const path of queue) {
    for (const target of targets.get(path) ?? []) {
      if (target === start) {
        const steps = [start];
        for (let step = path; step !== start; step = importers.get(step)) {
          steps.unshift(step);
        }
        return [start, ...steps];
      }
      if (!importers.has(target)) {
        importers.set(target, path);
        queue.push(target);
      }
    }
  }
  return undefined;
}

/** Lists the imports between files of src, each once. */
function listImports(modules) {
  return [...modules].flatMap(([path, { imports }]) =>
    [...new Set(imports.map(({ target }) => target))]
      .filter((target) => target.startsWith("src/"))
      .map((target) => ({ path, target })),
  );
}

/** Returns the folder below src that holds a file: "root" for files of src itself. */
function folderOf(path) {
  const [, folder, ...rest] = path.split("/");
  return rest.length === 0 ? "root" : folder;
}

/** Groups values by a key. Returns the groups with more than one value. */
function findDuplicates(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  }
  return [...groups].filter(([, group]) => group.length > 1);
}
