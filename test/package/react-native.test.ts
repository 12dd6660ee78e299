import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The entries that run in React Native. */
const entries = [
  "index",
  "json-transport",
  "grpc-web-transport",
  "policy/index",
  "token-sources",
  "providers/index",
];

/** Language and web APIs that no React Native up to 0.88 has. */
const missing: readonly RegExp[] = [
  /\bURL\.(?:canParse|parse)\b/,
  /\bAbortSignal\.(?:any|timeout)\([^)]/,
  /\.throwIfAborted\b/,
  /\.(?:toSorted|toSpliced)\(/,
  /\bObject\.groupBy\b/,
  /\bPromise\.(?:withResolvers|try)\b/,
  /\bArray\.fromAsync\b/,
  /\bnew (?:ReadableStream|TransformStream|DecompressionStream)\b/,
  /\.(?:isWellFormed|toWellFormed)\(/,
];

let files: string[];
beforeAll(async () => {
  const { metafile } = await build({
    entryPoints: entries.map((entry) => join(root, "src", `${entry}.ts`)),
    outdir: "unused",
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "neutral",
    packages: "external",
    conditions: ["react-native"],
  });
  // The import of #runtime leads to the compiled files.
  files = Object.keys(metafile.inputs).filter((file) => /^(?:dist\/)?src\//.test(file));
});

test("the code for React Native uses no API that React Native lacks", async () => {
  expect(files).toContain("src/client.ts");
  expect(files).toContain("dist/src/runtime/edge.js");
  expect(files).toContain("src/client-credentials.ts");
  const found = await Promise.all(
    files.map(async (file) => {
      const lines = (await readFile(join(root, file), "utf8")).split("\n");
      return lines
        .filter((line) => !/^\s*(?:\*|\/\*|\/\/)/.test(line))
        .filter((line) => missing.some((pattern) => pattern.test(line)))
        .map((line) => `${file}: ${line.trim()}`);
    }),
  );
  expect(found.flat()).toEqual([]);
});
