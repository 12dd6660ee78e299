import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import {
  compileSnippets,
  readSnippets,
  root,
  runSnippets,
  writeSnippets,
} from "../support/snippets.js";

const snippets = readSnippets("README.md");

/** The output of each snippet on an emulator without providers. */
const printed = [
  "Acme oidc\n",
  "grpc: 0 providers\ngrpc-web: 0 providers\njson: 0 providers\n",
  "ORG-Se3tg not_done 1\n",
  "0\n",
  "[ 'options.isCreationAllowed' ]\n",
  "[ 'Login' ]\n",
];

let emulator: Emulator;
let listener: Listener;
let folder: string;
let outputs: string[];
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  folder = await writeSnippets(
    "readme",
    snippets.map((snippet) => ({
      ...snippet,
      code: snippet.code.replaceAll("https://acme.zitadel.cloud", listener.url),
    })),
  );
  outputs = await runSnippets(folder, snippets, { ZITADEL_TOKEN: emulator.token });
});
afterAll(() => emulator.close());

describe("the README's snippets", () => {
  test("have one expected output each", () => expect(snippets.length).toBe(printed.length));

  test("compile under strict settings", () => compileSnippets(folder));

  test.each(snippets.map((snippet, index) => ({ ...snippet, index })))("$name", ({ index }) => {
    expect(outputs[index]).toBe(printed[index]);
  });

  test("the options table names every option, and no other", () => {
    const source = readFileSync(join(root, "src", "options", "idp-client-options.ts"), "utf8");
    const declared = [
      ...(/export interface IdpClientOptions \{(.*?)\n\}/s.exec(source)?.[1] ?? "").matchAll(
        /^ {2}(\w+)\??:/gm,
      ),
    ];
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const described = [
      ...(/### Options(.*?)###/s.exec(readme)?.[1] ?? "").matchAll(/^\| `(\w+)`/gm),
    ];
    expect(described.map(([, name]) => name)).toEqual(declared.map(([, name]) => name));
  });
});
