import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";

const root = fileURLToPath(new URL("..", import.meta.url));
// Inside the package, so that its own name resolves.
const folder = join(root, "dist", "readme");

const readme = readFileSync(join(root, "README.md"), "utf8");
const snippets = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""], index) => ({
  name: `snippet ${index + 1}: ${code.split("\n").find((line) => line !== "" && !line.startsWith("import"))}`,
  file: `snippet-${index + 1}`,
  code,
}));

/** What each snippet prints on an emulator without providers. */
const printed = [
  "Acme oidc\n",
  "grpc: 0 providers\ngrpc-web: 0 providers\njson: 0 providers\n",
  "QUERY-SAFrt\n",
  "0\n",
  "[ 'Login' ]\n",
];

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { file, code } of snippets) {
    const local = code.replaceAll("https://acme.zitadel.cloud", listener.url);
    writeFileSync(join(folder, `${file}.ts`), local);
    writeFileSync(
      join(folder, `${file}.js`),
      (await transform(local, { loader: "ts", format: "esm" })).code,
    );
  }
});
afterAll(() => emulator.close());

describe("the README's snippets", () => {
  test("are as many as their outputs", () => expect(snippets.length).toBe(printed.length));

  test("compile under strict settings", () => {
    const config = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", folder], {
      stdio: "pipe",
      encoding: "utf8",
    });
  });

  test.each(snippets.map((snippet, index) => ({ ...snippet, output: printed[index] })))(
    "$name",
    async ({ file, output }) => {
      const { stdout } = await promisify(execFile)(process.execPath, [join(folder, `${file}.js`)], {
        env: { ...process.env, ZITADEL_TOKEN: emulator.token },
      });
      expect(stdout).toBe(output);
    },
  );

  test("the options table names every option, and no other", () => {
    const source = readFileSync(join(root, "src", "options.ts"), "utf8");
    const declared = [
      ...(/export interface IdpClientOptions \{(.*?)\n\}/s.exec(source)?.[1] ?? "").matchAll(
        /^ {2}(\w+)\??:/gm,
      ),
    ];
    const described = [
      ...(/### Options(.*?)###/s.exec(readme)?.[1] ?? "").matchAll(/^\| `(\w+)`/gm),
    ];
    expect(described.map(([, name]) => name)).toEqual(declared.map(([, name]) => name));
  });
});
