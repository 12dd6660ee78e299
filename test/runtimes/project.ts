import { pathToFileURL } from "node:url";
import { createRequire } from "node:module";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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
  program(
    name: "driver" | "process" | "handler" | "page" | "react-native",
    format?: Format,
  ): string;
}

/** The kinds of modules that the program is written in: `require` or `import`. */
export type Format = "cjs" | "esm";

export async function createProject(): Promise<Project> {
  const packed = await installPacked();
  const { directory } = packed;
  const sources = join(root, "test", "runtimes", "program");
  const folders = { esm: join(directory, "program"), cjs: join(directory, "program-commonjs") };
  for (const [format, type] of [
    ["esm", "module"],
    ["cjs", "commonjs"],
  ] as const) {
    const folder = folders[format];
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ type }));
    for (const name of await readdir(sources)) {
      const code = await translate(join(sources, name), format);
      await writeFile(join(folder, name.replace(/\.ts$/, ".js")), code);
    }
  }
  return {
    directory,
    createEmulator: await importEmulator(directory),
    program: (name, format = "esm") => join(folders[format], `${name}.js`),
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

/** Translates a file of TypeScript. */
export async function translate(path: string, format: Format): Promise<string> {
  const source = await readFile(path, "utf8");
  const { code } = await transform(source, { loader: "ts", format, target: "es2022" });
  return code;
}
