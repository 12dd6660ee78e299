import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator } from "zitadel-idp/emulator";
import { createKeyPair } from "./support/rsa-keys.js";
import {
  compileSnippets,
  readSnippets,
  root,
  runSnippets,
  writeSnippets,
} from "./support/snippets.js";

/** What the snippets of each document print, in order. */
const documents: Record<string, (string | RegExp)[]> = {
  "docs/production.md": [
    "0\n0\n",
    "4 deadline unknown\n4 timeout-signal unknown\n1 aborted unknown\n",
    "true Google\n",
    "AddGoogleProvider { clientId: 'id', clientSecret: '[redacted]' }\ntry 1: HTTP 429\nOK 2\n",
    "0\n",
  ],
  "docs/testing.md": [
    /^TAP version 13\n1\.\.2\nok 1 - snippet-1\.test\.js > adds a provider[^\n]*\nok 2 - snippet-1\.test\.js > starts with none[^\n]*\n$/,
    "grpc Google\n",
    "ListProviders ok\nGetProviderByID not_found\n[ 'QUERY-SAFrt' ]\n",
    "drop 1 true\ngoaway 1 true\nstatus 1 true\nstale-token 1 true\nhttp 1 true\nhttp 1 true\n1\n",
    "0 true\n1\n",
  ],
};

/** The instance that the documents are about. */
const keys = createKeyPair();
const acme = createEmulator({
  seed: {
    organizations: [{ id: "69629023906488334", name: "Acme" }],
    serviceUsers: [
      {
        id: "1",
        name: "ci",
        organization: "Acme",
        token: "personal-access-token",
        instanceRoles: ["IAM_OWNER"],
        clientSecret: "client-secret",
        keys: [{ id: "2", publicKey: keys.publicSpki }],
      },
    ],
  },
});
const files = mkdtempSync(join(tmpdir(), "zitadel-idp-docs-"));
const env: NodeJS.ProcessEnv = {
  ZITADEL_TOKEN: "personal-access-token",
  ZITADEL_KEY_FILE: join(files, "key.json"),
  ZITADEL_CLIENT_ID: "ci",
  ZITADEL_CLIENT_SECRET: "client-secret",
};
let baseUrl: string;
beforeAll(async () => {
  baseUrl = (await acme.listen()).url;
  const key = { type: "serviceaccount", keyId: "2", key: keys.privatePkcs1, userId: "1" };
  writeFileSync(join(files, "key.json"), JSON.stringify(key));
});
afterAll(async () => {
  await acme.close();
  rmSync(files, { recursive: true });
});

describe.each(Object.entries(documents))("the snippets of %s", (document, printed) => {
  const snippets = readSnippets(document);
  let outputs: string[];
  beforeAll(async () => {
    const folder = await writeSnippets(
      document.replace(/\.md$/, ""),
      snippets.map((snippet) => ({
        ...snippet,
        code: snippet.code.replaceAll("https://acme.zitadel.cloud", baseUrl),
      })),
    );
    outputs = await runSnippets(folder, snippets, env);
  });

  test("are as many as their outputs", () => expect(snippets.length).toBe(printed.length));

  test.each(snippets.map((snippet, index) => ({ ...snippet, index })))("$name", ({ index }) => {
    const [output = "", expected = ""] = [outputs[index], printed[index]];
    if (typeof expected === "string") {
      expect(output).toBe(expected);
    } else {
      expect(output).toMatch(expected);
    }
  });
});

test("all snippets compile under strict settings", () => {
  compileSnippets(join(root, "dist", "docs"));
});
