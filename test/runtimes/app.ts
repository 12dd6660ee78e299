import { rmSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Project } from "./project.js";
import { type ToolFolder, toolsDirectory } from "./tools.js";

/** A project of a framework, inside the folder with the framework. */
export interface App extends AsyncDisposable {
  readonly directory: string;
}

/**
 * Creates an app with the packed package and its dependencies. They are copies, because the frameworks accept no links to files
 * outside.
 */
export async function createApp(project: Project, folder: ToolFolder): Promise<App> {
  const directory = await mkdtemp(join(toolsDirectory, folder, "app-"));
  remaining.add(directory);
  const packages = join(project.directory, "node_modules");
  await cp(packages, join(directory, "node_modules"), { recursive: true, dereference: true });
  return {
    directory,
    async [Symbol.asyncDispose]() {
      await rm(directory, { recursive: true, force: true });
      remaining.delete(directory);
    },
  };
}

/** The apps to remove if this process ends early. */
const remaining = new Set<string>();
process.on("exit", () =>
  remaining.forEach((directory) => rmSync(directory, { recursive: true, force: true })),
);
