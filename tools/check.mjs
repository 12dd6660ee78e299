// `npm run check`: runs all checks that a change must pass, except the tests. Prints each step and its time, and continues after
// a failure, so that one run shows all failures.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const lockFiles = [
  "package-lock.json",
  "bench/package-lock.json",
  "test/runtimes/tools/package-lock.json",
];

const steps = {
  "generated code is up to date": generatedIsCurrent,
  "proto format": () => run("buf", "format", "--diff", "--exit-code"),
  "proto lint": () => run("buf", "lint"),
  format: () => run("prettier", "--check", "--log-level", "warn", "."),
  lint: () => run("oxlint", "--type-aware", "--deny-warnings"),
  types: () => run("tsc", "-p", "tsconfig.json"),
  package: async () => {
    await build();
    return run("publint", "--strict");
  },
  "types of the package": typesResolve,
  "sizes for browsers": () => runNode("tools/size.mjs"),
  "lock files hold no addresses": () =>
    lockFiles
      .filter((path) => readFileSync(join(root, path), "utf8").includes('"resolved"'))
      .map(
        (path) =>
          `${path} has "resolved" entries: omit-lockfile-registry-resolved=true leaves them out`,
      )
      .join("\n"),
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

/**
 * Generates code into a temporary folder and compares it with gen/ byte for byte, so that nothing changes under a running test.
 */
function generatedIsCurrent() {
  const fresh = mkdtempSync(join(tmpdir(), "zitadel-idp-gen-"));
  try {
    const problem = run("buf", "generate", "--output", fresh);
    if (problem !== "") {
      return problem;
    }
    const [committed, generated] = [read(join(root, "gen")), read(join(fresh, "gen"))];
    const names = [...new Set([...committed.keys(), ...generated.keys()])].toSorted();
    const differing = names.filter((name) => committed.get(name) !== generated.get(name));
    return differing.length === 0 ? "" : `run npm run generate: differs in ${differing.join(", ")}`;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Checks that TypeScript resolves the entries of the tarball from ES modules. */
function typesResolve() {
  const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-pack-"));
  try {
    const { status, stderr } = spawnSync(
      "npm",
      ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder],
      { cwd: root, encoding: "utf8" },
    );
    const [tarball] = readdirSync(folder);
    return status === 0 && tarball !== undefined
      ? run("attw", join(folder, tarball), "--profile", "esm-only", "--no-color")
      : `npm pack failed: ${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode(file) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, file)], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? "" : `${stdout}${stderr}`.trim();
}

function read(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path.slice(folder.length + 1), readFileSync(path, "utf8")];
    }),
  );
}

/** Runs a tool of node_modules. Returns its output if it failed, otherwise "". */
function run(tool, ...args) {
  const { status, stdout, stderr, error } = spawnSync(
    join(root, "node_modules", ".bin", tool),
    args,
    {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH}` },
    },
  );
  return status === 0
    ? ""
    : `${stdout}${stderr}${error ?? ""}`.trim() || `${tool} ended with status ${status}`;
}
