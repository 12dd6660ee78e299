import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version as esbuildVersion } from "esbuild";
import { outputOf } from "./command.js";
import type { Project } from "./project.js";
import { nodePath, toolsDirectory, versionOf } from "./tools.js";

export type Bundler = "esbuild" | "vite" | "rollup" | "webpack";
export type Target = "browser" | "node";

/** The program as bundled by each bundler. */
export interface Bundles extends AsyncDisposable {
  /** The folder with a subfolder for each bundle. */
  readonly directory: string;
  /** Returns the name of the bundle's folder. Each bundle is built once. */
  make(bundler: Bundler, target: Target): Promise<string>;
}

export async function createBundles(project: Project): Promise<Bundles> {
  // Outside of the project, so that a bundle finds no package: it must hold all it needs.
  const directory = await mkdtemp(join(tmpdir(), "zitadel-idp-bundles-"));
  const made = new Map<string, Promise<string>>();
  const bundle = async (bundler: Bundler, target: Target, name: string): Promise<string> => {
    const entry = project.program(target === "node" ? "process" : "page");
    const program = join(toolsDirectory, "bundle.mjs");
    await outputOf(nodePath(24), [program, bundler, target, entry, join(directory, name)], {
      cwd: toolsDirectory,
      limitMs: 120_000,
    });
    return name;
  };
  return {
    directory,
    make(bundler, target) {
      const name = `${bundler}-${target}`;
      const bundled = made.get(name) ?? bundle(bundler, target, name);
      made.set(name, bundled);
      return bundled;
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** esbuild is a tool of the repository itself. */
export async function bundlerVersion(bundler: Bundler): Promise<string> {
  return bundler === "esbuild" ? esbuildVersion : await versionOf(bundler);
}
