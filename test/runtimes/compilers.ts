import { copyFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runCommand } from "./command.js";
import { root } from "./project.js";
import type { Context, Outcome, Row } from "./row.js";
import { toolPath, versionOf } from "./tools.js";

interface Compilation {
  /** Paths of programs, from the root of the repository. */
  readonly files: readonly string[];
  readonly resolution: "nodenext" | "bundler";
  readonly types: readonly string[];
  /** True if the declarations of libraries are not checked. */
  readonly skipLibCheck: boolean;
}

const consumer = "test/runtimes/consumer.ts";
const newer = "test/package/consumer/main.ts";
const forBrowsers = "test/package/consumer/browser.ts";
const node = { types: ["node"], skipLibCheck: false };

const compilers: Readonly<Record<string, readonly Compilation[]>> = {
  // The first version that can read protobuf-es' declarations.
  "5.7": [
    { ...node, files: [consumer, newer], resolution: "nodenext" },
    { ...node, files: [consumer, newer], resolution: "bundler" },
    { files: [forBrowsers], resolution: "bundler", types: [], skipLibCheck: false },
  ],
  // Supports neither `bundler` nor `using`, nor the generic Uint8Array of the declarations, which `skipLibCheck` hides.
  "4.9": [
    { ...node, files: [consumer], resolution: "nodenext", skipLibCheck: true },
    { files: [forBrowsers], resolution: "nodenext", types: [], skipLibCheck: true },
  ],
};

/** Old compilers, which compile programs that use the package. */
export const compilerRows: readonly Row[] = Object.entries(compilers).map(
  ([version, compilations]) => ({
    id: `typescript-${version}`,
    name: `TypeScript ${version}`,
    run: (context) => compileAll(context, `typescript-${version}`, compilations),
  }),
);

async function compileAll(
  { project }: Context,
  tool: string,
  compilations: readonly Compilation[],
): Promise<Outcome> {
  const { directory } = project;
  const tsc = toolPath(tool, "bin", "tsc");
  const problems: string[] = [];
  for (const [index, { files, resolution, types, skipLibCheck }] of compilations.entries()) {
    for (const file of files) {
      await copyFile(join(root, file), join(directory, basename(file)));
    }
    const config = `tsconfig.${tool}.${index}.json`;
    const compilerOptions = {
      target: "es2022",
      module: resolution === "bundler" ? "esnext" : resolution,
      moduleResolution: resolution,
      types,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck,
      noEmit: true,
    };
    const names = files.map((file) => basename(file));
    await writeFile(join(directory, config), JSON.stringify({ compilerOptions, files: names }));
    const { problem } = await runCommand(process.execPath, [tsc, "-p", config], {
      cwd: directory,
      limitMs: 120_000,
    });
    if (problem !== undefined) {
      problems.push(`${names.join()} with moduleResolution ${resolution}: ${problem}`);
    }
  }
  const resolutions = [...new Set(compilations.map(({ resolution }) => resolution))].join(", ");
  const forgiving = compilations.some(({ skipLibCheck }) => skipLibCheck);
  const scope = `types: ${resolutions}${forgiving ? "; needs skipLibCheck" : ""}`;
  return { version: await versionOf(tool), scope, problems };
}
