import { createRequire } from "node:module";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import { installPacked, root } from "../package/install.js";
import type { EmulatorFactory } from "./program/driver.js";

// Programs that tools/run.mjs starts are as deep below the root as this file.
export { root };

/** A project with the packed package, and the program that the runtimes run. */
export interface Project extends AsyncDisposable {
  readonly directory: string;
  /** The emulator of the packed package. */
  readonly createEmulator: EmulatorFactory;
  /** A file of the program, by its name without an extension. */
  program(name: "driver" | "process" | "handler" | "page" | "react-native"): string;
}

export async function createProject(): Promise<Project> {
  const packed = await installPacked();
  const { directory } = packed;
  const sources = join(root, "test", "runtimes", "program");
  const program = join(directory, "program");
  await mkdir(program);
  for (const name of await readdir(sources)) {
    const source = await readFile(join(sources, name), "utf8");
    const { code } = await transform(source, { loader: "ts", target: "es2022" });
    await writeFile(join(program, name.replace(/\.ts$/, ".js")), code);
  }
  return {
    directory,
    createEmulator: await importEmulator(directory),
    program: (name) => join(program, `${name}.js`),
    [Symbol.asyncDispose]: () => packed[Symbol.asyncDispose](),
  };
}

/** Returns the emulator of the package that is installed in a folder. */
export async function importEmulator(directory: string): Promise<EmulatorFactory> {
  const entry = createRequire(join(directory, "package.json")).resolve("zitadel-idp/emulator");
  const { createEmulator } = (await import(pathToFileURL(entry).href)) as {
    createEmulator: EmulatorFactory;
  };
  return createEmulator;
}
