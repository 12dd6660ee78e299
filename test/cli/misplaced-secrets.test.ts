import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { isPathLike, isSecretLike } from "../../src/cli/secrets/detect-secrets.js";
import { hideSecrets } from "../../src/cli/secrets/hide-secrets.js";
import { cli } from "../support/cli.js";
import { run } from "../support/program.js";
import { createKeyPair } from "../support/rsa-keys.js";

const pem = createKeyPair().privatePkcs1;
/** The secrets that people pass by mistake instead of a path or a name. */
const secrets: Record<string, string> = {
  "a key file": JSON.stringify({ type: "serviceaccount", keyId: "1", key: pem, userId: "2" }),
  "a key file in lines": JSON.stringify({ type: "serviceaccount", key: pem }, null, 2),
  "a key file of one secret": '{"type":"serviceaccount","key":"planted"}',
  "a key in PEM": pem,
  "a key in PEM on one line": pem.replaceAll("\n", "\\n"),
  "a JWT": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJl",
  "a personal access token":
    "dEnGhIFs3VnqcQU5D2zRSeiarB1nwH6goIKY0J8MWZbsnWcTuu1C59lW9DgCq1y096GYdXA",
  "a client secret": "PlantedXq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4",
  "a client secret of Google": "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",
  "a client secret of Entra ID": "abc8Q~Zt9Lk2Mw8Rb5Yc1Nd6Hf4.xQ3v7pLantEd",
  "a secret in hexadecimal": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "a secret in base64": "cGxhbnRlZC1zM2NyZXQvd2l0aCtzbGFzaGVz/Zm9yIGJhc2U2NA==",
  "a seed": "serviceUsers:\n  - { name: ci, token: planted }\n",
};

/** Returns the parts of a secret that no output may contain. */
function partsOf(secret: string): string[] {
  const parts = secret.replaceAll("\\n", "\n").match(/[\w+/.~-]{20,}/g) ?? [];
  return [...parts.map((part) => part.slice(0, 40)), ...(secret.match(/planted/g) ?? [])];
}

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
let emulator: Emulator;
let connection: Record<string, string>;
beforeAll(async () => {
  emulator = createEmulator();
  const { url } = await emulator.listen();
  connection = { ZITADEL_URL: url, ZITADEL_TOKEN: emulator.token, HOME: folder };
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

type Place = (secret: string) => {
  args: string[];
  env?: Record<string, string>;
  /** True to pass the emulator's credentials in variables. Default: true. */
  credentials?: boolean;
};
const add = ["add", "--type", "google", "--set", "clientId=c"];

/** The places where people put a secret by mistake. */
const places: Record<string, Place> = {
  ZITADEL_KEY_FILE: (secret) => ({
    args: ["list"],
    env: { ZITADEL_KEY_FILE: secret },
    credentials: false,
  }),
  "--key-file": (secret) => ({ args: ["list", "--key-file", secret] }),
  "--key-file=": (secret) => ({ args: ["list", `--key-file=${secret}`] }),
  "--token-file": (secret) => ({ args: ["list", "--token-file", secret] }),
  "--client-secret-file": (secret) => ({
    args: ["list", "--client-id", "ci", "--client-secret-file", secret],
  }),
  "--to-token-file": (secret) => ({
    args: ["diff", "--to-url", "http://localhost:1", "--to-token-file", secret],
  }),
  "--set-file": (secret) => ({ args: [...add, "--set-file", `name=${secret}`] }),
  "--secret-file": (secret) => ({ args: [...add, "--secret-file", `clientSecret=${secret}`] }),
  "--secret-env": (secret) => ({ args: [...add, "--secret-env", `clientSecret=${secret}`] }),
  "--file": (secret) => ({ args: ["add", "--file", secret] }),
  "the file of plan": (secret) => ({ args: ["plan", secret] }),
  "the file of apply": (secret) => ({ args: ["apply", secret, "--yes"] }),
  "--plan": (secret) => ({ args: ["apply", file("ok.yaml", ok), "--plan", secret] }),
  "--out": (secret) => ({ args: ["plan", file("ok.yaml", ok), "--out", `/nowhere/${secret}`] }),
  "--out of export": (secret) => ({ args: ["export", "--out", `/nowhere/${secret}`] }),
  "--state": (secret) => ({ args: ["plan", file("ok.yaml", ok), "--state", `${secret}/x\0`] }),
  "--seed": (secret) => ({ args: ["emulator", "--port", "0", "--seed", secret] }),
  "--host": (secret) => ({ args: ["emulator", "--port", "0", "--host", secret] }),
  "--users": (secret) => ({ args: ["delete", "1", "--users", secret] }),
  "--profiles": (secret) => ({ args: ["list", "--profile", "x", "--profiles", secret] }),
  "--profile": (secret) => ({
    args: ["list", "--profiles", file("p.yaml", "profiles: {}"), "--profile", secret],
  }),
  "keyFile of a profile": (secret) => ({
    args: ["list", "--profile", "x", "--profiles", profile({ keyFile: secret })],
  }),
  "{ file }": (secret) => ({
    args: ["plan", file("literal.yaml", provider({ file: secret.replaceAll("${", "") }))],
  }),
  "{ file: ${VARIABLE} }": (secret) => ({
    args: ["plan", file("variable.yaml", provider({ file: "${MISPLACED}" }))],
    env: { MISPLACED: secret },
  }),
  "a plain field": (secret) => ({
    args: ["plan", file("plain.yaml", provider("${MISPLACED}", "clientId"))],
    env: { MISPLACED: secret },
  }),
  "--url": (secret) => ({ args: ["list", "--url", secret] }),
  "--instance-host": (secret) => ({
    args: ["list", "--url", "http://localhost:1", "--timeout", "0.1", "--instance-host", secret],
    env: { ZITADEL_TOKEN: "a-token" },
  }),
  "--protocol": (secret) => ({ args: ["list", "--protocol", secret] }),
  "--timeout": (secret) => ({ args: ["list", "--timeout", secret] }),
  "--if-sequence": (secret) => ({ args: ["update", "1", "--set", "name=x", "--if-sequence", secret] }), // prettier-ignore
  "an option": (secret) => ({ args: ["list", `--${secret}`] }),
  "a command": (secret) => ({ args: [secret] }),
  "the id of get": (secret) => ({ args: ["get", secret] }),
  "--rotate": (secret) => ({ args: ["plan", file("ok.yaml", ok), "--rotate", secret] }),
};
const ok = "organization: { providers: [] }";

function provider(value: unknown, field = "clientSecret"): string {
  const each = { type: "google", clientId: "c", [field]: value };
  return JSON.stringify({ organization: { providers: [each] } });
}

function profile(settings: Record<string, string>): string {
  return file(
    "profile.yaml",
    JSON.stringify({ profiles: { x: { url: "http://localhost:1", ...settings } } }),
  );
}

const ways = [[], ["--json"], ["--debug"]];
/** Each secret in each place. The output options (none, --json, --debug) alternate. */
const cases = Object.keys(secrets).flatMap((secret, row) =>
  Object.keys(places).map((place, column) => ({
    secret,
    place,
    way: ways[(row + column) % ways.length] ?? [],
  })),
);

test.each(cases)("$secret passed as $place is not repeated $way", async (each) => {
  const secret = secrets[each.secret] ?? "";
  const { args = [], env, credentials = true } = places[each.place]?.(secret) ?? {};
  const { ZITADEL_URL = "" } = connection;
  const all = { ...(credentials ? connection : { ZITADEL_URL, HOME: folder }), ...env };
  const { status, stdout, stderr } = await cli([...args, ...each.way], { env: all });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^(\{"error":|error: )/);
  for (const part of partsOf(secret)) {
    expect(stdout + stderr).not.toContain(part);
  }
});

describe("the error explains the mistake", () => {
  test.each([
    ["ZITADEL_KEY_FILE", "a key file", "ZITADEL_KEY_FILE contains the key itself, not the path of a file: put it into ZITADEL_KEY"], // prettier-ignore
    ["--key-file", "a key in PEM", "--key-file contains the key itself, not the path of a file: put it into ZITADEL_KEY"], // prettier-ignore
    ["--token-file", "a JWT", "--token-file contains the token itself, not the path of a file: put it into ZITADEL_TOKEN"], // prettier-ignore
    ["--token-file", "a personal access token", "(not shown: it does not look like a path) (--token-file): it does not exist (ENOENT); if that is the token itself, put it into ZITADEL_TOKEN"], // prettier-ignore
    ["--seed", "a seed", "--seed contains the content of a file, not its path: pass the path"],
    ["{ file: ${VARIABLE} }", "a key in PEM", "MISPLACED contains the content itself, not a path: write ${MISPLACED} instead of { file: … }"], // prettier-ignore
  ])("if %s has %s", async (place, secret, message) => {
    const { args, env, credentials = true } = places[place]?.(secrets[secret] ?? "") ?? { args: [] }; // prettier-ignore
    const { ZITADEL_URL = "" } = connection;
    const all = { ...(credentials ? connection : { ZITADEL_URL }), ...env };
    expect((await cli(args, { env: all })).stderr).toContain(message);
  });

  test("in the program itself, which writes no file", async () => {
    const key = secrets["a key file"] ?? "";
    const env = { ...connection, ZITADEL_TOKEN: "", ZITADEL_KEY_FILE: key };
    const { status, stdout, stderr } = await run("dist/node/cli/main.js", ["list", "--debug"], env);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("error: ZITADEL_KEY_FILE contains the key itself");
    expect(stderr).not.toContain("RSA");
    expect(readdirSync(folder).filter((name) => !/^[\w.-]+$/.test(name))).toEqual([]);
  });
});

test.each([
  "providers.yaml",
  "/nowhere",
  "./staging state.json",
  "/home/runner/work/_temp/0f3c9f5e-1b2c-4d3e-8f90-a1b2c3d4e5f6/providers.yaml",
  "C:\\Users\\Ann Lee\\AppData\\Roaming\\zitadel-idp\\profiles.yaml",
  "/tmp/zitadel-idp-guide-Ab3dEf/.config/zitadel-idp/production.token",
  "node_modules/zitadel-idp/dist/providers.schema.json",
  "/etc/zitadel/MyServiceAccountKeyFile2026.json",
  "/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/key.json",
  "~/.config/schlüssel.json",
  "../../secrets/prod-eu-west-1-2026-11.json",
])("%s is shown as a path", (path) => {
  expect(isPathLike(path)).toBe(true);
  expect(isSecretLike(path)).toBe(false);
});

test("an existing path is shown in errors about its content, even if it looks like a secret", async () => {
  const name = "Xq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4.yaml";
  const { stderr } = await cli(["plan", file(name, "[]")], { env: connection });
  expect(stderr).toContain(`${join(folder, name)}:1:1: must be an object`);
  expect(readFileSync(join(folder, name), "utf8")).toBe("[]");
});

describe("a secret in the environment is hidden", () => {
  const secret = "Planted Xq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4/<&>";
  const base64 = Buffer.from(secret).toString("base64");
  test.each<[string, string, string]>([
    ["as it is", secret, "(not shown)"],
    ["as JSON in JSON", JSON.stringify(JSON.stringify(secret)).slice(3, -3), "(not shown)"],
    ["percent-encoded", encodeURIComponent(secret), "(not shown)"],
    ["form-encoded", new URLSearchParams({ "": secret }).toString().slice(1), "(not shown)"],
    ["as HTML", "Planted Xq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4/&lt;&amp;&gt;", "(not shown)"],
    ["in base64", base64.replace(/=*$/, ""), "(not shown)"],
    ["in hexadecimal", Buffer.from(secret).toString("hex"), "(not shown)"],
    ["by its random part", "Xq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4", "(not shown)"],
  ])("%s", (_, written, shown) => {
    expect(hideSecrets(`error: got ${written}.`, [], { SECRET: secret })).toBe(
      `error: got ${shown}.`,
    );
  });

  test("but words within long values stay readable", () => {
    const path = ["/opt/serviceaccounts/bin", ..."abcdefghij"].join(":/usr/share/applications/");
    const text = "error: serviceaccounts has no applications, and no authenticationservers\n";
    expect(hideSecrets(text, ["--name=authenticationservers"], { PATH: path })).toBe(text);
  });

  test("with each of its longer lines, also those that look like words", () => {
    const content = "first line of it\nhunterhunterhunter\nXq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4";
    expect(hideSecrets("cannot read hunterhunterhunter", [content], {})).toBe(
      "cannot read (not shown)",
    );
  });

  test("in little time, even if it is long and the error repeats it", () => {
    const lines = Array.from({ length: 2000 }, (_, index) => `${index}Xq3v7Zt9Lk2Mw8Rb5Yc1Nd6Hf4`);
    const content = lines.join("\n");
    const { user } = process.cpuUsage();
    const shown = hideSecrets(`error: ${content}`, [content], {});
    expect((process.cpuUsage().user - user) / 1000).toBeLessThan(10_000);
    expect(shown).not.toContain("Xq3v7");
  });
});
