import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator } from "zitadel-idp/emulator";
import { typeDocs } from "../../gen/provider-docs.js";
import { type FieldSpec, providerTypes } from "../../gen/providers.js";
import { createKeyPair } from "../support/rsa-keys.js";
import {
  compileSnippets,
  readSnippets,
  root,
  runSnippets,
  writeSnippets,
} from "../support/snippets.js";

/** The expected output of the snippets of each document, in order. */
const documents: Record<string, (string | RegExp)[]> = {
  "docs/consoles.md": [
    'Google\nname "Name" text optional 200\nclientId "Client ID" text required 200\nclientSecret "Client secret" secret required 200\nscopes "Scopes" list optional 20\noptions "Accounts" group optional \n',
    "[\n  {\n    path: [ 'clientId' ],\n    message: 'must have 1 to 200 characters; it has 0'\n  }\n]\nmust be apple, azureAd, github, githubEs, gitlab, gitlabSelfHosted, google, jwt, ldap, oauth, oidc, saml or zitadel; did you mean google?\n[ 'name' ]\n",
    "broken clientId the value is a placeholder; replace clientId with the value that the provider issued\n",
    "clientId must have 1 to 200 characters\n400\n",
    "[ 'Google' ]\n",
  ],
  "docs/observability.md": [
    /^(?:Attempt zitadel\.management\.v1\.ManagementService\/GetProviderByID NOT_FOUND QUERY-SAFrt\n)zitadel\.management\.v1\.ManagementService\/GetProviderByID NOT_FOUND QUERY-SAFrt\n$/,
    /^\{"level":30,.*"trace_id":"[0-9a-f]{32}","span_id":"[0-9a-f]{16}","count":0,"msg":"listed the providers"\}\nAttempt zitadel\.management\.v1\.ManagementService\/ListProviders <- zitadel\.management\.v1\.ManagementService\/ListProviders\nzitadel\.management\.v1\.ManagementService\/ListProviders <- GET \/providers\nGET \/providers <- none\n$/,
    "0\n",
  ],
  "docs/other-transports.md": ["Google undefined\n"],
  "docs/production.md": [
    "0\n0\n",
    "4 deadline unknown\n4 timeout-signal unknown\n1 aborted unknown\n",
    "true Google\n",
    "AddGoogleProvider { clientId: 'id', clientSecret: '[redacted]' }\ntry 1: HTTP 429\nOK 2\n",
    /^\{"level":30,.*"callId":"[0-9a-f]{16}","rpc":"ListProviders","durationMs":[\d.]+,"attempts":1,"msg":"call"\}\n.*"level":50,.*"error":\{"name":"ZitadelError","code":"not_found","id":"QUERY-SAFrt",.*\},"msg":"call failed"\}\n$/,
    "0\n",
  ],
  "docs/providers.md": [
    /^(Directory at ldaps:\/\/ldap.acme.example:636\n|Google at google\n){2}ldap org undefined\n$/,
    "[ 'usePkce', 'options.isAutoUpdate' ] none\n[]\nchanged [ 'clientId' ]\nnot_expressible [ 'scopes' ]\nnot_expressible [ 'clientSecret' ]\n",
    "policy_inherited\n{ changed: true, policyCreated: true, warnings: [] }\n{ changed: false, policyCreated: false, warnings: [] }\n1 false\n",
    "deletion of provider 3: 1 of 2 users have an account at the provider and could no longer sign in with it; evenIfLinked: true deletes it anyway\n{ id: '3', name: 'Google', linkedUsers: 1, wasActive: false }\n",
    "google true\n",
    "3\n0\nupdate { clientSecret: 'rotate' }\nstale_plan\n1 to change; 0 unchanged, 0 not listed.\n[ 'ListProviders', 'GetLoginPolicy', 'GetProviderByID' ]\n",
  ],
  "docs/testing.md": [
    /^TAP version 13\n1\.\.2\nok 1 - snippet-1\.test\.js > adds a provider[^\n]*\nok 2 - snippet-1\.test\.js > starts with none[^\n]*\n$/,
    "grpc Google\n",
    "0\n",
    "true Google 1\n",
    "null\nsecret\n",
    "ListProviders ok\nGetProviderByID not_found\n[ 'QUERY-SAFrt' ]\n",
    "drop 1 true\ngoaway 1 true\nstatus 1 true\nstale-token 1 true\nhttp 1 true\nhttp 1 true\n1\n",
    "[ 'AUTH-Bs7Ds', 'not_done' ]\n",
    "0 true\n1\n",
  ],
  "docs/which-tool.md": [
    "1\n",
    "[ 'options.isCreationAllowed' ]\n",
    "Nothing to do: 1 unchanged, 0 not listed.\n",
    "[ 'ListProviders', 'ListProviders' ]\n",
    "[ 'Name', 'Client ID', 'Client secret', 'Scopes', 'Accounts' ]\n[ 'must have 1 to 200 characters; it has 0' ]\n",
    "[]\n",
    "0\n",
    "0\n",
  ],
};

/** Returns the expected rows of the table of types in docs/providers.md, from the protos. */
function typeRows(): string[][] {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");
  return Object.entries(providerTypes).map(([type, { fields }]) => {
    const own = Object.entries(fields).filter(([name]) => name !== "options");
    const namesOf = (isMeant: (spec: FieldSpec, name: string) => boolean): string =>
      code(own.filter(([name, spec]) => isMeant(spec, name)).map(([name]) => name));
    const isNeeded = ({ min = 0 }: FieldSpec): boolean => min > 0;
    return [
      `\`${type}\``,
      (typeDocs[type] ?? "").replace(/\.$/, ""),
      namesOf((spec) => isNeeded(spec) && !spec.secret),
      namesOf((spec) => spec.secret === true),
      namesOf((spec) => !isNeeded(spec) && !spec.secret),
    ];
  });
}

test("each document with `await using` names the versions that support it", () => {
  const folders = ["docs", "docs/guides"];
  const names = folders.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  );
  const texts = [...names, "README.md"].map(
    (name) => [name, readFileSync(join(root, name), "utf8")] as const,
  );
  const used = texts.filter(([, text]) => /^\s*await using \w+ =/m.test(text));
  expect(used.length).toBeGreaterThan(5);
  expect(
    used.filter(([, text]) => !text.includes("#close-a-client")).map(([name]) => name),
  ).toEqual([]);
});

/** Returns the cells of the table between two marks of a document, without its head. */
function tableOf(document: string, mark: string): string[][] {
  const text = readFileSync(join(root, document), "utf8");
  const table = text.split(`<!-- ${mark}:begin -->`)[1]?.split(`<!-- ${mark}:end -->`)[0] ?? "";
  return table
    .trim()
    .split("\n")
    .slice(2)
    .map((row) =>
      row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The instance that the documents use. */
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

  test("have one expected output each", () => expect(snippets.length).toBe(printed.length));

  test.each(snippets.map((snippet, index) => ({ ...snippet, index })))("$name", ({ index }) => {
    const [output = "", expected = ""] = [outputs[index], printed[index]];
    if (typeof expected === "string") {
      expect(output).toBe(expected);
    } else {
      expect(output).toMatch(expected);
    }
  });
});

test("all snippets compile under strict settings, those of guides too", async () => {
  for (const guide of readdirSync(join(root, "docs/guides"))) {
    const document = `docs/guides/${guide}`;
    await writeSnippets(document.replace(/\.md$/, ""), readSnippets(document));
  }
  compileSnippets(join(root, "dist", "docs"));
});

describe("docs/providers.md", () => {
  test("lists the fields of each type as in the protos, and those of legacy IDPs", () => {
    const source = readFileSync(join(root, "src/providers/model/provider.ts"), "utf8");
    const legacyRows = ["OIDC", "JWT"].map((kind) => {
      const declared = new RegExp(`interface Legacy${kind}Provider [^{]*\\{(.*?)\\n\\}`, "s");
      const members = (declared.exec(source)?.[1] ?? "").matchAll(/^ {2}readonly (\w+):/gm);
      const names = Array.from(members, ([, name]) => name).filter((name) => name !== "type");
      return names.map((name) => `\`${name}\``).join(", ");
    });
    const rows = tableOf("docs/providers.md", "types");
    expect(rows.slice(0, -2)).toEqual(typeRows());
    expect(rows.slice(-2).map(([type, , , , fields]) => [type, fields])).toEqual([
      ["`legacyOidc`", legacyRows[0]],
      ["`legacyJwt`", legacyRows[1]],
    ]);
  });

  test("lists all reasons of errors", () => {
    const source = readFileSync(join(root, "src/providers/provider-error.ts"), "utf8");
    const union = /type ProviderErrorReason =(.*?);/s.exec(source)?.[1] ?? "";
    expect(tableOf("docs/providers.md", "reasons").map(([reason]) => reason)).toEqual(
      Array.from(union.matchAll(/\| "(\w+)"/g), ([, name]) => `\`${name}\``),
    );
  });
});
