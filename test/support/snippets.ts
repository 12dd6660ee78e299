import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";

/** The root folder of the repository. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** A TypeScript snippet in a document. */
export interface Snippet {
  /** The number of the snippet and its first line of code after the imports. */
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

/** A code block in a document. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
}

/** Returns the code blocks of a document, in order. */
export function readCodeBlocks(document: string): CodeBlock[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = "", code = ""]) => ({
    language,
    code,
  }));
}

/** Returns the TypeScript snippets of a document, in order. */
export function readSnippets(document: string): Snippet[] {
  return readCodeBlocks(document)
    .filter(({ language }) => language === "ts")
    .map(({ code }, index) => ({
      name: `snippet ${index + 1}: ${code.split("\n").find((line) => line !== "" && !line.startsWith("import"))}`,
      file: `snippet-${index + 1}${isTest(code) ? ".test" : ""}`,
      code,
    }));
}

/**
 * Writes snippets as TypeScript and JavaScript to a folder inside the package, so that imports of the package resolve. Returns
 * the folder.
 */
export async function writeSnippets(name: string, snippets: readonly Snippet[]): Promise<string> {
  const folder = join(root, "dist", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Snippets that are tests run without the settings of this project.
  writeFileSync(join(folder, "vitest.config.js"), "export default {};");
  for (const { file, code } of snippets) {
    writeFileSync(join(folder, `${file}.ts`), code);
    // Node.js 20 does not support `using`.
    const { code: script } = await transform(code, {
      loader: "ts",
      format: "esm",
      target: "node20",
    });
    writeFileSync(join(folder, `${file}.js`), script);
  }
  return folder;
}

/**
 * Compiles all snippets in a folder of `dist` with the strict settings of this project, which `settings` can replace. Throws the errors
 * of the compiler.
 */
export function compileSnippets(folder: string, settings: Record<string, boolean> = {}): void {
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: settings,
    include: ["**/*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  try {
    execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", folder], {
      stdio: "pipe",
      encoding: "utf8",
    });
  } catch (error) {
    throw new Error(String((error as { stdout?: unknown }).stdout), { cause: error });
  }
}

/**
 * Runs snippets and returns the output of each. Snippets that are tests run as tests. Snippets that need a process of their own get one.
 * All other snippets run one after the other in one process.
 */
export async function runSnippets(
  folder: string,
  snippets: readonly Snippet[],
  env: NodeJS.ProcessEnv = {},
): Promise<string[]> {
  const scripts = snippets.filter(({ code }) => !isTest(code) && !setsGlobals(code));
  const printed = new Map<string, string>();
  if (scripts.length > 0) {
    const files = JSON.stringify(scripts.map(({ file }) => `./${file}.js`));
    const runner = `import { inspect } from "node:util";
for (const file of ${files}) {
  await import(file).catch((error) => console.log(inspect(error)));
  console.log(${JSON.stringify(end)});
}`;
    writeFileSync(join(folder, "all.js"), runner);
    const output = await runNode([join(folder, "all.js")], env);
    const texts = output.split(`${end}\n`);
    scripts.forEach(({ file }, index) => printed.set(file, texts[index] ?? ""));
  }
  for (const { file } of snippets.filter(({ code }) => setsGlobals(code))) {
    printed.set(file, await runNode([join(folder, `${file}.js`)], env));
  }
  for (const { file } of snippets.filter(({ code }) => isTest(code))) {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const options = ["--root", folder, "--reporter=tap-flat"];
    printed.set(file, await runNode([vitest, "run", `${file}.js`, ...options], env));
  }
  return snippets.map(({ file }) => printed.get(file) ?? "");
}

/** The mark after the output of a snippet. */
const end = "\u0000";

async function runNode(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
  });
  return stdout;
}

/** Returns true for a snippet that registers parts of OpenTelemetry, which a process can do only once. */
function setsGlobals(code: string): boolean {
  return code.includes(".setGlobal");
}

function isTest(code: string): boolean {
  return code.includes('from "vitest"');
}
