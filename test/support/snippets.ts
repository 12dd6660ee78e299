import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** A piece of TypeScript in a document. */
export interface Snippet {
  /** Which one it is, and how it begins. */
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

/** The TypeScript snippets of a document, in order. */
export function readSnippets(document: string): Snippet[] {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""], index) => ({
    name: `snippet ${index + 1}: ${code.split("\n").find((line) => line !== "" && !line.startsWith("import"))}`,
    file: `snippet-${index + 1}${isTest(code) ? ".test" : ""}`,
    code,
  }));
}

/** A folder inside the package, so that its own name resolves, with the snippets in TypeScript and in JavaScript. */
export async function writeSnippets(name: string, snippets: readonly Snippet[]): Promise<string> {
  const folder = join(root, "dist", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // For snippets that are tests: not the settings of this project.
  writeFileSync(join(folder, "vitest.config.js"), "export default {};");
  for (const { file, code } of snippets) {
    writeFileSync(join(folder, `${file}.ts`), code);
    // Node.js 20 does not know "using".
    const { code: script } = await transform(code, {
      loader: "ts",
      format: "esm",
      target: "node20",
    });
    writeFileSync(join(folder, `${file}.js`), script);
  }
  return folder;
}

/** Compiles the snippets under the strict settings of this project. Throws what the compiler says. */
export function compileSnippets(folder: string): void {
  const config = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
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

/** Runs a snippet, as a test if it is one, and gives what it prints. */
export async function runSnippet(
  folder: string,
  { file, code }: Snippet,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const script = `${file}.js`;
  const args = isTest(code)
    ? [join(root, "node_modules/vitest/vitest.mjs"), "run", script]
    : [join(folder, script)];
  const options = isTest(code) ? ["--root", folder, "--reporter=tap-flat"] : [];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...options], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  return stdout;
}

function isTest(code: string): boolean {
  return code.includes('from "vitest"');
}
