import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { outputOf } from "./command.js";
import type { Report } from "./program/driver.js";
import { type Format, root, translate } from "./project.js";
import { type Context, runDriver, type Outcome, type Row } from "./row.js";
import { nodePath, toolPath, versionOf } from "./tools.js";
import type { Expected } from "./driver-servers.js";

const inNode: Expected = { auto: "grpc", wires: ["grpc", "grpc-web", "json"] };
const inBrowser: Expected = { auto: "grpc-web", wires: ["grpc-web", "json"] };

/** A project that is tested with Jest. */
interface JestProject {
  readonly id: string;
  readonly name: string;
  /** The package of Jest that runs the test. */
  readonly jest: "jest" | "jest-29";
  /** The package whose version the row shows. */
  readonly shown: string;
  /** The language of the test, and of the code that it imports. */
  readonly language: Format | "typescript";
  readonly expected: Expected;
  /** The text of each configuration file. */
  readonly files: Readonly<Record<string, string>>;
}

/** The settings of a project whose sources use `import`: Jest itself translates them, by Babel. */
const babelConfig = `module.exports = {
  presets: [[${quotedPath("@babel", "preset-env")}, { targets: { node: "current" } }]],
};
`;

const tsJestConfig = `module.exports = {
  transform: { "\\\\.ts$": [${quotedPath("ts-jest")}, { compiler: ${quotedPath("typescript")} }] },
  moduleNameMapper: { "^(\\\\.\\\\.?/.*)\\\\.js$": "$1" },
};
`;

/** The settings that `tsc --init` of TypeScript 5 writes. */
const tsConfig = JSON.stringify({
  compilerOptions: {
    target: "es2016",
    lib: ["es2023", "dom", "esnext.disposable"],
    module: "commonjs",
    esModuleInterop: true,
    forceConsistentCasingInFileNames: true,
    strict: true,
    skipLibCheck: true,
  },
});

/** jest-fixed-jsdom adds `fetch` and TextEncoder to jsdom, and takes away its condition `browser`, which this brings back. */
const jsdomConfig = `module.exports = {
  testEnvironment: ${quotedPath("jest-fixed-jsdom")},
  testEnvironmentOptions: { customExportConditions: ["browser"] },
};
`;

const projects: readonly JestProject[] = [
  {
    id: "jest-29",
    name: "Jest 29, default configuration",
    jest: "jest-29",
    shown: "jest-29",
    language: "cjs",
    expected: inNode,
    files: {},
  },
  {
    id: "jest",
    name: "Jest 30, default configuration",
    jest: "jest",
    shown: "jest",
    language: "cjs",
    expected: inNode,
    files: {},
  },
  {
    id: "babel-jest",
    name: "Jest 30, `import` by babel-jest",
    jest: "jest",
    shown: "babel-jest",
    language: "esm",
    expected: inNode,
    files: { "babel.config.js": babelConfig },
  },
  {
    id: "jest-jsdom",
    name: "Jest 30, jsdom",
    jest: "jest",
    shown: "jest-fixed-jsdom",
    language: "cjs",
    expected: inBrowser,
    files: { "jest.config.js": jsdomConfig },
  },
  {
    id: "ts-jest",
    name: "Jest 30, ts-jest",
    jest: "jest",
    shown: "ts-jest",
    language: "typescript",
    expected: inNode,
    files: { "jest.config.js": tsJestConfig, "tsconfig.json": tsConfig },
  },
];

/** Projects in CommonJS that are tested with Jest, each without experimental flags. */
export const jestRows: readonly Row[] = projects.map((project) => ({
  id: project.id,
  name: project.name,
  run: (context) => runJest(context, project),
}));

async function runJest(context: Context, project: JestProject): Promise<Outcome> {
  const directory = join(context.project.directory, project.id);
  await mkdir(directory);
  await writeFile(join(directory, "package.json"), "{}\n");
  for (const [name, text] of Object.entries(project.files)) {
    await writeFile(join(directory, name), text);
  }
  await writeProgram("driver", join(directory, "driver"), project.language);
  await writeProgram("jest", join(directory, "driver.test"), project.language);
  const outcome = await runDriver(context, project.expected, async (setup) => {
    const report = join(directory, "report.json");
    const args = ["--ci", "--cacheDirectory", join(directory, ".cache")];
    await outputOf(nodePath(20), [toolPath(project.jest, "bin", "jest.js"), ...args], {
      cwd: directory,
      limitMs: 300_000,
      env: { SETUP: JSON.stringify(setup), REPORT: report },
    });
    return JSON.parse(await readFile(report, "utf8")) as Report;
  });
  return { version: await versionOf(project.shown), ...outcome };
}

/** Writes a file of the program to `path`, which has no extension. */
async function writeProgram(
  name: string,
  path: string,
  language: JestProject["language"],
): Promise<void> {
  const source = join(root, "test", "runtimes", "program", `${name}.ts`);
  await (language === "typescript"
    ? copyFile(source, `${path}.ts`)
    : writeFile(`${path}.js`, await translate(source, language)));
}

/** Returns the path of a tool as a string literal. Tools are not installed in the projects. */
function quotedPath(...name: string[]): string {
  return JSON.stringify(toolPath(...name));
}
