// `npm run check`: checks everything that must hold before a change lands, except the tests. Prints each step with its time, and
// continues after a failed step, so that one run shows all failures.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { commentsWithoutSubject } from "./comment-subjects.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(root, "node_modules", ".bin");

/** The templates that `npm run generate` uses, and the folders that they generate. */
const templates = [
  "buf.gen.yaml",
  "buf.gen.operators.yaml",
  "buf.gen.reflection.yaml",
  "examples/console/buf.gen.yaml",
];
const generatedFolders = ["gen", "examples/console/gen"];

/** The steps by name. Each returns the problems that it found, or "". */
const steps = {
  "generated code is up to date": checkGeneratedCode,
  "proto format": () => runTool("buf", "format", "--diff", "--exit-code"),
  "proto lint": () => runTool("buf", "lint"),
  format: () => runTool("prettier", "--check", "--log-level", "warn", "."),
  lint: () => runTool("oxlint", "--type-aware", "--deny-warnings"),
  "comments begin with their subject": () => commentsWithoutSubject().join("\n"),
  types: () => runTool("tsc", "-p", "tsconfig.json"),
  package: async () => {
    await build();
    return runTool("publint", "--strict") + runTool("publint", "--strict", "ui");
  },
  "types of the package": checkPackedTypes,
  "sizes for browsers": () => runProgram(process.execPath, [join(root, "tools", "size.mjs")]),
  "lock files hold no addresses": checkLockFiles,
};

let failed = 0;
for (const [name, step] of Object.entries(steps)) {
  const start = performance.now();
  const problem = await step();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${problem === "" ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (problem !== "") {
    console.log(problem.replace(/^/gm, "       "));
    failed++;
  }
}
process.exitCode = failed === 0 ? 0 : 1;

/** Generates into a temporary folder and compares byte for byte, so that gen/ does not change while a test runs. */
function checkGeneratedCode() {
  return withTemporaryFolder((folder) => {
    for (const template of templates) {
      const problem = runTool("buf", "generate", "--template", template, "--output", folder);
      if (problem !== "") {
        return problem;
      }
    }
    const [committed, generated] = [readGenerated(root), readGenerated(folder)];
    const names = [...new Set([...committed.keys(), ...generated.keys()])].toSorted();
    const differing = names.filter((name) => committed.get(name) !== generated.get(name));
    return differing.length === 0 ? "" : `run npm run generate: differs in ${differing.join(", ")}`;
  });
}

/** Returns the generated files below a folder, by their path in it. */
function readGenerated(folder) {
  return new Map(
    generatedFolders.flatMap((path) =>
      [...readFiles(join(folder, path))].map(([name, text]) => [join(path, name), text]),
    ),
  );
}

/** Checks that TypeScript finds the right types of each entry of the tarball, in each mode of resolution. */
function checkPackedTypes() {
  return withTemporaryFolder((folder) => {
    const options = ["--ignore-scripts", "--silent", "--pack-destination", folder];
    const problem = runProgram("npm", ["pack", ...options]);
    if (problem !== "") {
      return problem;
    }
    const [tarball] = readdirSync(folder);
    return runTool("attw", join(folder, tarball), "--no-color");
  });
}

function checkLockFiles() {
  return [
    "package-lock.json",
    "bench/package-lock.json",
    "test/runtimes/tools/package-lock.json",
    "tools/docs/package-lock.json",
  ]
    .flatMap((path) => {
      const { packages } = JSON.parse(readFileSync(join(root, path), "utf8"));
      // A link to a workspace has its folder in "resolved".
      const found = Object.entries(packages).filter(([, { resolved, link }]) => resolved && !link);
      return found.map(([name]) => `${path}: ${name} has a "resolved" entry`);
    })
    .map((problem) => `${problem}: omit-lockfile-registry-resolved=true leaves it out`)
    .join("\n");
}

function withTemporaryFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-check-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the contents of all files in a folder, by their path in it. */
function readFiles(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((file) => join(file.parentPath, file.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, "utf8")]));
}

/** Runs a tool of node_modules. Returns its output if it failed, otherwise "". */
function runTool(name, ...args) {
  return runProgram(join(tools, name), args);
}

/** Runs a program. Returns its output if it failed, otherwise "". */
function runProgram(file, args) {
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    cwd: root,
    encoding: "utf8",
    // buf runs its plugins by name.
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH}` },
  });
  return status === 0
    ? ""
    : `${stdout}${stderr}${error ?? ""}`.trim() || `${basename(file)} ended with status ${status}`;
}
