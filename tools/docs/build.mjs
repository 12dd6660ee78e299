// `npm run docs`: builds the reference as static pages in dist-docs/: each entry of the package from its doc comments, and all
// documents. The pages and their search work without a server. Fails if a page has a link that leads nowhere.
//
// typedoc needs a version of TypeScript with the JavaScript API, which TypeScript 7 does not have. It therefore has its own
// package file in this folder, and is installed by the first run.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { listEntrySources } from "../package-sources.mjs";
import { readDeclaredAnchors } from "../read-declared-anchors.mjs";
import { findBrokenLinks } from "./broken-links.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const root = join(folder, "..", "..");
const out = join(root, "dist-docs");

installTypedoc();
const { Application, IndexEvent, LogLevel, OptionDefaults } = await import("typedoc");

const entries = readEntries();
const app = await Application.bootstrap({
  name: "zitadel-idp reference",
  entryPoints: entries.map(({ source }) => source),
  tsconfig: join(root, "tsconfig.build.json"),
  // TypeScript 6 wants more annotations than TypeScript 7. `npm run check` checks the types.
  compilerOptions: { isolatedDeclarations: false },
  readme: join(root, "README.md"),
  projectDocuments: ["CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "docs/guides/*.md"].map(
    (pattern) => join(root, pattern),
  ),
  out,
  disableGit: true,
  disableSources: true,
  githubPages: false,
  blockTags: [...OptionDefaults.blockTags, "@generated"],
  excludeTags: [...OptionDefaults.excludeTags, "@generated"],
  highlightLanguages: [...OptionDefaults.highlightLanguages, "hcl", "toml"],
  searchInComments: true,
  searchInDocuments: true,
  searchGroupBoosts: { Documents: 3 },
  // Types that no entry exports appear by name.
  validation: { notExported: false, invalidLink: true, invalidPath: true, rewrittenLink: true },
});
const project = await app.convert();
if (project === undefined) {
  process.exit(1);
}
// typedoc names a module after its file; readers know it by its entry.
for (const module of project.children ?? []) {
  module.name = entries.find(({ typedocName }) => typedocName === module.name)?.name ?? module.name;
}
app.validate(project);
app.renderer.on(IndexEvent.PREPARE_INDEX, addErrorIds);
const hasWarnings = app.logger.hasErrors() || app.logger.hasWarnings();
// While typedoc writes, it warns of each link to an anchor that a document declares itself. `findBrokenLinks` knows these anchors.
app.logger.level = LogLevel.Error;
rmSync(out, { recursive: true, force: true });
await app.generateDocs(project, out);

const { pages, broken } = findBrokenLinks(out);
broken.forEach((problem) => console.error(problem));
console.log(
  `${pages} pages in ${relative(process.cwd(), out) || "."}, ${broken.length} broken links`,
);
process.exitCode = hasWarnings || app.logger.hasErrors() || broken.length > 0 ? 1 : 0;

/** Installs typedoc from the lock file of this folder, unless the versions are installed. */
function installTypedoc() {
  const { dependencies } = readJson(join(folder, "package.json"));
  const isInstalled = Object.entries(dependencies).every(([name, version]) => {
    const manifest = join(folder, "node_modules", name, "package.json");
    return existsSync(manifest) && readJson(manifest).version === version;
  });
  if (isInstalled) {
    return;
  }
  console.error("installing typedoc …");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, { cwd: folder, stdio: ["ignore", 2, 2] });
  if (status !== 0) {
    throw new Error("npm ci in tools/docs failed");
  }
}

/** Returns the entries of the package: the source file, the name that typedoc gives to it, and the name of the entry. */
function readEntries() {
  return Object.entries(listEntrySources()).map(([name, source]) => ({
    source: join(root, source),
    typedocName: source.replace(/^src\//, "").replace(/(?:(?<=.)\/index)?\.ts$/, ""),
    name,
  }));
}

/** Adds the ids of errors to the search, above all names, so that a search for an id finds docs/errors.md first. */
function addErrorIds(event) {
  const document = readFileSync(join(root, "docs", "errors.md"), "utf8");
  const ids = [...readDeclaredAnchors(document)];
  const index = event.searchResults.findIndex(({ name }) => name === "docs/errors");
  event.searchFieldWeights.errorIds = 1000;
  event.searchFields[index].errorIds = ids.join(" ");
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
