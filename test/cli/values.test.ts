import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { applePrivateKey } from "../support/add-requests.js";
import { cli } from "../support/cli.js";
import { type ProgramResult, run } from "../support/program.js";

const program = "dist/node/cli/main.js";
const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
const secret = "planted-s3cret";
const key = new TextDecoder().decode(applePrivateKey);

let emulator: Emulator;
let listener: Listener;
let env: Record<string, string>;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  env = {
    ZITADEL_URL: listener.url,
    ZITADEL_TOKEN: emulator.token,
    SECRET: secret,
    LINES: `${secret}\n`,
    EMPTY: "",
    KEY: key.replaceAll("\n", "\\n"),
  };
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function zitadel(...args: readonly string[]): Promise<ProgramResult> {
  const ended = await cli(args, { env });
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  return ended;
}

const google = ["add", "--type", "google", "--set", "clientId=c"];

describe("add", () => {
  const utf16 = Buffer.from(`\ufeff${secret}\n`, "utf16le");
  test.each<[string, readonly string[], RegExp]>([
    [
      "a list with commas",
      ["--set", "scopes=openid,email", "--secret-env", "clientSecret=SECRET"],
      /--set scopes: .* repeat --set scopes=… for each entry, or pass a JSON list: --set 'scopes=\["one","two"\]'/,
    ],
    [
      "a list without quotes",
      ["--set", "scopes=[openid]", "--secret-env", "clientSecret=SECRET"],
      /--set scopes: must be a JSON list with each entry in quotes/,
    ],
    [
      "a variable with a line end",
      ["--secret-env", "clientSecret=LINES"],
      /clientSecret: ends with a line break, which is not part of the secret: remove it/,
    ],
    [
      "an empty variable",
      ["--secret-env", "clientSecret=EMPTY"],
      /--secret-env clientSecret: the variable EMPTY is set but empty/,
    ],
    [
      "a file with two line ends",
      ["--secret-file", `clientSecret=${file("two.txt", `${secret}\r\n\r\n`)}`],
      /clientSecret: ends with a line break/,
    ],
    [
      "a file with a blank line first",
      ["--secret-file", `clientSecret=${file("first.txt", `\n${secret}`)}`],
      /clientSecret: has several lines/,
    ],
    [
      "a file in UTF-16",
      ["--secret-file", `clientSecret=${file("utf16.txt", utf16)}`],
      /--secret-file clientSecret: a secret must be UTF-8 text/,
    ],
  ])("rejects %s", async (_, args, problem) => {
    const ended = await zitadel(...google, ...args);
    expect(ended.stderr).toMatch(problem);
    expect(ended.status).toBe(1);
    expect(emulator.log.some(({ rpc }) => rpc?.startsWith("Add"))).toBe(false);
  });

  test("removes one line end at the end of a file, and nothing else", async () => {
    const path = file("base64.txt", `base64:${secret}\n`);
    expect(await zitadel(...google, "--secret-file", `clientSecret=${path}`)).toMatchObject({
      status: 0,
    });
    const { length } = `base64:${secret}`;
    const tooLong = file("long.txt", `${secret}${"x".repeat(200)}\n`);
    expect((await zitadel(...google, "--secret-file", `clientSecret=${tooLong}`)).stderr).toContain(
      `it has ${200 + length - "base64:".length}`,
    );
  });

  test("takes a list as repeated options or as JSON", async () => {
    const scopesOf = async (...args: readonly string[]): Promise<unknown> => {
      const rest = ["--secret-env", "clientSecret=SECRET", "--json"];
      return JSON.parse((await zitadel(...google, ...rest, ...args)).stdout) as unknown;
    };
    expect(await scopesOf("--set", "scopes=openid", "--set", "scopes=email")).toMatchObject({
      scopes: ["openid", "email"],
    });
    expect(await scopesOf("--set", 'scopes=["a,b","c"]')).toMatchObject({ scopes: ["a,b", "c"] });
  });

  test("takes a key from a variable, with \\n for its line breaks", async () => {
    const args =
      "add --type apple --set clientId=c --set teamId=T123456789 --set keyId=K123456789 --secret-env privateKey=KEY";
    const ended = await run(program, args.split(" "), env);
    expect(ended).toMatchObject({ status: 0, stderr: "" });
  });
});

test("plan reports mistakes with their lines, and sends no write", async () => {
  const path = file(
    "providers.yaml",
    `organization:
  providers:
    - type: ldap
      name: Directory
      servers: [ldaps://a.example, b.example]
      baseDn: dc=a
      bindDn: cn=a
      bindPassword: \${LINES}
      userBase: dn
      userObjectClasses: [person]
      userFilters: ["(uid=%s)"]
      timeout: -3s
      rootCa: { file: ca.der }
    - type: saml
      name: Empty
      metadataXml: { file: empty.xml }
`,
  );
  file("ca.der", Buffer.from("3082018a30820135", "hex"));
  file("empty.xml", "");
  const before = emulator.log.length;
  const ended = await run(program, ["plan", path], env);
  expect(ended.status).toBe(1);
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  for (const [place, field] of [
    ["5:36", "servers[1]: must begin with ldaps://"],
    ["8:21", "bindPassword: ends with a line break"],
    ["11:21", "userFilters[0]: must be the name of an attribute"],
    ["12:16", "timeout: must not be negative"],
    ["13:7", "rootCa: must be PEM with at least one certificate (BEGIN CERTIFICATE); this is DER"],
    ["16:7", "metadataXml: is empty"],
  ]) {
    expect(ended.stderr).toContain(`${place}: organization.providers[`);
    expect(ended.stderr).toContain(String(field));
  }
  const writes = emulator.log.slice(before).filter(({ rpc }) => !/^(Get|List)/.test(rpc ?? ""));
  expect(writes).toEqual([]);
});
