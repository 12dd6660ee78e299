import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { version as ownVersion } from "typescript";
import { runCommand } from "./command.js";
import { root } from "./project.js";
import type { Context, Outcome, Row } from "./row.js";
import { toolPath, versionOf } from "./tools.js";

type Resolution = "node10" | "node16" | "nodenext" | "bundler";

/** The kind of a package: the `type` in its package.json. */
type PackageType = "commonjs" | "module";

interface Compilation {
  /** Paths of programs, from the root of the repository. */
  readonly files: readonly string[];
  readonly resolution: Resolution;
  readonly packageType: PackageType;
  readonly types: readonly string[];
  /** True if the declarations of libraries are not checked. */
  readonly skipLibCheck: boolean;
}

interface Compiler {
  readonly id: string;
  readonly name: string;
  readonly tsc: string;
  version(): Promise<string>;
  readonly compilations: readonly Compilation[];
}

const consumer = "test/runtimes/consumer.ts";
/** This program has `await` outside of functions, which CommonJS does not have. */
const newer = "test/package/consumer/main.ts";
const forBrowsers = "test/package/consumer/browser.ts";

/** Returns the compilations of the programs in an ES package and in a CommonJS package, for each mode of resolution. */
function compilationsIn(resolutions: readonly Resolution[], skipLibCheck = false): Compilation[] {
  return resolutions.flatMap((resolution) => {
    const node = { resolution, types: ["node"], skipLibCheck };
    return [
      { ...node, files: [consumer, newer], packageType: "module" as const },
      { ...node, files: [consumer], packageType: "commonjs" as const },
    ];
  });
}

const browser: Compilation = {
  files: [forBrowsers],
  resolution: "bundler",
  packageType: "module",
  types: [],
  skipLibCheck: false,
};

const compilers: readonly Compiler[] = [
  {
    id: "typescript",
    name: "TypeScript 7",
    tsc: join(root, "node_modules", "typescript", "bin", "tsc"),
    version: async () => ownVersion,
    // This version no longer has node10.
    compilations: [...compilationsIn(["node16", "nodenext", "bundler"]), browser],
  },
  {
    id: "typescript-5.9",
    name: "TypeScript 5.9",
    tsc: toolPath("typescript", "bin", "tsc"),
    version: () => versionOf("typescript"),
    compilations: [...compilationsIn(["node10", "node16", "nodenext", "bundler"]), browser],
  },
  {
    id: "typescript-5.7",
    name: "TypeScript 5.7",
    tsc: toolPath("typescript-5.7", "bin", "tsc"),
    version: () => versionOf("typescript-5.7"),
    // The first version that can read protobuf-es' declarations.
    compilations: [...compilationsIn(["node10", "node16", "nodenext", "bundler"]), browser],
  },
  {
    id: "typescript-4.9",
    name: "TypeScript 4.9",
    tsc: toolPath("typescript-4.9", "bin", "tsc"),
    version: () => versionOf("typescript-4.9"),
    // Supports neither `bundler` nor `using`, nor the generic Uint8Array of the declarations, which `skipLibCheck` hides.
    compilations: [
      ...compilationsIn(["node10", "node16", "nodenext"], true).map((compilation) => ({
        ...compilation,
        files: [consumer],
      })),
      { ...browser, resolution: "nodenext", skipLibCheck: true },
    ],
  },
];

/** Compilers, which compile programs that use the package. */
export const compilerRows: readonly Row[] = compilers.map((compiler) => ({
  id: compiler.id,
  name: compiler.name,
  run: (context) => compileAll(context, compiler),
}));

async function compileAll({ project }: Context, compiler: Compiler): Promise<Outcome> {
  const { id, tsc, version, compilations } = compiler;
  const problems: string[] = [];
  for (const [index, compilation] of compilations.entries()) {
    const directory = join(project.directory, `${id}-${index}`);
    await writeProject(directory, compilation);
    const { problem } = await runCommand(process.execPath, [tsc, "-p", "."], {
      cwd: directory,
      limitMs: 300_000,
    });
    if (problem !== undefined) {
      const { files, resolution, packageType } = compilation;
      problems.push(`${files.join()}, ${resolution} in a ${packageType} package: ${problem}`);
    }
  }
  const resolutions = [...new Set(compilations.map(({ resolution }) => resolution))].join(", ");
  const forgiving = compilations.some(({ skipLibCheck }) => skipLibCheck);
  const scope = `types from CommonJS and ES packages: ${resolutions}${forgiving ? "; needs skipLibCheck" : ""}`;
  return { version: await version(), scope, problems };
}

/** Writes a package with the programs and the settings of a compilation. */
async function writeProject(
  directory: string,
  { files, resolution, packageType, types, skipLibCheck }: Compilation,
): Promise<void> {
  await mkdir(directory);
  for (const file of files) {
    await copyFile(join(root, file), join(directory, basename(file)));
  }
  const compilerOptions = {
    target: "es2022",
    module: moduleFor(resolution, packageType),
    // The name of node10 in TypeScript 4.
    moduleResolution: resolution === "node10" ? "node" : resolution,
    types,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck,
    noEmit: true,
  };
  const config = { compilerOptions, files: files.map((file) => basename(file)) };
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(config));
  await writeFile(join(directory, "package.json"), JSON.stringify({ type: packageType }));
}

function moduleFor(resolution: Resolution, packageType: PackageType): string {
  if (resolution === "node16" || resolution === "nodenext") {
    return resolution;
  }
  return resolution === "node10" && packageType === "commonjs" ? "commonjs" : "esnext";
}
