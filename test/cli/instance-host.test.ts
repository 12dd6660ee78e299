import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { cli } from "../support/cli.js";
import { createKeyPair } from "../support/rsa-keys.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-instance-host-"));
const keys = createKeyPair();
const secret = "planted-secret-of-the-user";

let emulator: Emulator;
let url: string;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      instance: { domain: "acme.example" },
      organizations: [{ name: "Acme" }],
      serviceUsers: [
        {
          id: "1",
          name: "owner",
          organization: "Acme",
          token: secret,
          clientSecret: secret,
          keys: [{ id: "k", publicKey: keys.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
  const { port } = await emulator.listen();
  url = `http://127.0.0.1:${port}`;
  write("key.json", JSON.stringify({ type: "serviceaccount", keyId: "k", key: keys.privatePkcs1, userId: "1" })); // prettier-ignore
  write("secret", secret);
  write(
    "profiles.yaml",
    `profiles:
  named: { url: "${url}", instanceHost: acme.example, keyFile: key.json }
  unnamed: { url: "${url}", keyFile: key.json }
`,
  );
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = at(name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function at(name: string): string {
  return join(folder, name);
}

describe.each(["grpc", "grpc-web", "json"])("over %s, a command reaches the instance", (wire) => {
  test.each<[name: string, args: () => string[], env: Record<string, string>]>([
    [
      "of --instance-host with a token",
      () => ["--url", url, "--instance-host", "acme.example"],
      { ZITADEL_TOKEN: secret },
    ],
    [
      "of --instance-host with a key",
      () => ["--url", url, "--instance-host", "acme.example", "--key-file", at("key.json")],
      { ZITADEL_INSTANCE_HOST: "other.example" },
    ],
    [
      "of ZITADEL_INSTANCE_HOST with a client secret",
      () => ["--url", url, "--client-id", "owner", "--client-secret-file", at("secret")],
      { ZITADEL_INSTANCE_HOST: "acme.example" },
    ],
    [
      "of a profile",
      () => ["--profiles", at("profiles.yaml"), "--profile", "named"],
      { ZITADEL_INSTANCE_HOST: "other.example" },
    ],
    [
      "of the environment beside a profile",
      () => ["--profiles", at("profiles.yaml"), "--profile", "unnamed"],
      { ZITADEL_INSTANCE_HOST: "acme.example" },
    ],
  ])("%s", async (_, args, env) => {
    const ended = await cli(["list", ...args(), "--protocol", wire], { env });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
  });
});

test("diff has a host name for each side", async () => {
  const from = ["--profiles", at("profiles.yaml"), "--profile", "named"];
  const to = ["--to-url", url, "--to-instance-host", "acme.example", "--to-key-file", at("key.json")]; // prettier-ignore
  expect(await cli(["diff", ...from, ...to])).toMatchObject({
    status: 0,
    stdout: "No differences: 0 providers are the same.\n",
  });
});

describe("a command without the right host name fails with the flag in the text", () => {
  test.each<[name: string, args: string[], env: Record<string, string>, text: string]>([
    [
      "for no name and a token",
      [],
      { ZITADEL_TOKEN: secret },
      "or into the instance host (--instance-host, ZITADEL_INSTANCE_HOST) if ZITADEL has another address on this network",
    ],
    [
      "for no name and a client secret",
      [],
      { ZITADEL_CLIENT_ID: "owner", ZITADEL_CLIENT_SECRET: secret },
      "pass that name as the instance host (--instance-host, ZITADEL_INSTANCE_HOST)",
    ],
    [
      "for another name",
      ["--instance-host", "other.example"],
      { ZITADEL_TOKEN: secret },
      "put acme.example into the instance host (--instance-host, ZITADEL_INSTANCE_HOST)",
    ],
    [
      "for a URL as the flag",
      ["--instance-host", "https://acme.example"],
      { ZITADEL_TOKEN: secret },
      "--instance-host: must be a host name",
    ],
    [
      "for a URL in the environment",
      [],
      { ZITADEL_TOKEN: secret, ZITADEL_INSTANCE_HOST: "https://acme.example" },
      "ZITADEL_INSTANCE_HOST: must be a host name",
    ],
  ])("%s", async (_, args, env, text) => {
    const { status, stderr } = await cli(["list", "--url", url, ...args], { env });
    expect(status).toBe(1);
    expect(stderr).toContain(text);
    expect(stderr).not.toContain(secret);
  });
});

test("the next command has the same host name", async () => {
  emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault: { type: "drop", when: "after" } });
  // The list before the add succeeds, and the search for the added provider fails.
  emulator.inject({ rpc: "ListProviders", times: 1, fault: { type: "delay", ms: 0 } });
  emulator.inject({ rpc: "ListProviders", fault: { type: "status", code: 7, id: "TEST" } });
  const flags = ["--url", url, "--instance-host", "acme.example"];
  const set = ["--type", "google", "--set", "clientId=c", "--secret-env", "clientSecret=S"];
  const { stderr } = await cli(["add", ...set, ...flags, "--timeout", "2"], {
    env: { ZITADEL_TOKEN: secret, S: "s3cret" },
  });
  emulator.reset();
  expect(stderr).toContain("--instance-host acme.example");
});
