import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { cli } from "../support/cli.js";
import { createKeyPair } from "../support/rsa-keys.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
const secret = "planted-s3cret";
const keys = createKeyPair();
function write(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [
        { id: "7", name: "Acme" },
        { id: "8", name: "Other" },
      ],
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
  listener = await emulator.listen();
  write("token", `${secret}\n`);
  write("wrong", "wrong\n");
  write("secret", `${secret}\n`);
  write("key.json", JSON.stringify({ type: "serviceaccount", keyId: "k", key: keys.privatePkcs1, userId: "1" })); // prettier-ignore
  profiles("profiles.yaml", 0o600);
  mkdirSync(join(folder, "zitadel-idp"));
  profiles("zitadel-idp/profiles.yaml", 0o600);
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function profiles(name: string, mode: number): string {
  const base = name.includes("/") ? "../" : "";
  return write(
    name,
    `profiles:
  literal: { url: "${listener.url}", token: ${secret}, org: "8", protocol: json }
  file: { url: "${listener.url}", tokenFile: ${base}token }
  key: { url: "${listener.url}", keyFile: ${base}key.json }
  client: { url: "${listener.url}", clientId: owner, clientSecretFile: ${base}secret }
  both: { url: "${listener.url}", clientId: owner, tokenFile: ${base}token }
  bare: { url: "${listener.url}" }
  twice: { url: "${listener.url}", token: ${secret}, tokenFile: ${base}token }
`,
    mode,
  );
}

const at = (name: string): string => join(folder, name);

/** Runs `list` over a connection. Returns the outcome with the last request that the emulator received. */
async function list(args: readonly string[], env: Record<string, string> = {}, platform = "linux") {
  emulator.reset();
  const ended = await cli(["list", ...args], { env, platform });
  expect(ended.stdout + ended.stderr).not.toContain(secret);
  return { ...ended, request: emulator.log.findLast(({ rpc }) => rpc !== undefined) };
}

describe("a connection", () => {
  test.each<[string, () => string[], () => Record<string, string>]>([
    ["a token file", () => ["--url", listener.url, "--token-file", at("token")], () => ({})],
    ["a key file", () => ["--url", listener.url, "--key-file", at("key.json")], () => ({})],
    [
      "a client secret file",
      () => ["--url", listener.url, "--client-id", "owner", "--client-secret-file", at("secret")],
      () => ({}),
    ],
    [
      "the environment: a token",
      () => [],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_TOKEN: secret }),
    ],
    [
      "the environment: a key",
      () => [],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_KEY_FILE: at("key.json") }),
    ],
    [
      "the environment: the key itself",
      () => [],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_KEY: readFileSync(at("key.json"), "utf8") }),
    ],
    [
      "the environment: a client secret",
      () => [],
      () => ({
        ZITADEL_URL: listener.url,
        ZITADEL_CLIENT_ID: "owner",
        ZITADEL_CLIENT_SECRET: secret,
      }),
    ],
    [
      "a profile: a token",
      () => ["--profiles", at("profiles.yaml"), "--profile", "literal"],
      () => ({}),
    ],
    [
      "a profile: a token file",
      () => ["--profiles", at("profiles.yaml"), "--profile", "file"],
      () => ({}),
    ],
    ["a profile: a key", () => ["--profile", "key"], () => ({ XDG_CONFIG_HOME: folder })],
    [
      "a profile: a client secret",
      () => ["--profile", "client"],
      () => ({ XDG_CONFIG_HOME: folder }),
    ],
    [
      "a profile of the environment",
      () => [],
      () => ({ XDG_CONFIG_HOME: folder, ZITADEL_PROFILE: "file" }),
    ],
    [
      "flags before the environment",
      () => ["--token-file", at("token")],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_TOKEN: "wrong" }),
    ],
    [
      "the flag of a token before a key of the environment",
      () => ["--token-file", at("token")],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_KEY: "{}", ZITADEL_KEY_FILE: "/nowhere" }),
    ],
    [
      "the flag of a key before a key of the environment",
      () => ["--key-file", at("key.json")],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_KEY: "{}" }),
    ],
    [
      "the flags of a client before a token of the environment",
      () => ["--client-id", "owner", "--client-secret-file", at("secret")],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_TOKEN: "wrong", ZITADEL_CLIENT_ID: "wrong" }),
    ],
    [
      "flags before a profile",
      () => ["--profile", "literal", "--url", listener.url, "--token-file", at("token")],
      () => ({ XDG_CONFIG_HOME: folder }),
    ],
    [
      "the environment before its profile",
      () => [],
      () => ({ XDG_CONFIG_HOME: folder, ZITADEL_PROFILE: "bare", ZITADEL_TOKEN: secret }),
    ],
    [
      "a profile of the flags before the environment",
      () => ["--profile", "file"],
      () => ({
        XDG_CONFIG_HOME: folder,
        ZITADEL_URL: "http://localhost:1",
        ZITADEL_TOKEN: "wrong",
      }),
    ],
  ])("comes from %s", async (_, args, env) => {
    expect(await list(args(), env())).toMatchObject({ status: 0, stderr: "" });
  });

  test.each<[string, string[], Record<string, string>, object]>([
    ["--org", ["--org", "8"], { ZITADEL_ORG: "7" }, { orgId: "8" }],
    ["ZITADEL_ORG", [], { ZITADEL_ORG: "8" }, { orgId: "8" }],
    ["a profile", ["--profile", "literal"], { ZITADEL_ORG: "7" }, { orgId: "8", protocol: "json" }],
    [
      "--protocol",
      ["--protocol", "grpc-web"],
      { ZITADEL_PROTOCOL: "json" },
      { protocol: "grpc-web" },
    ],
    ["ZITADEL_PROTOCOL", [], { ZITADEL_PROTOCOL: "json" }, { protocol: "json" }],
    ["nothing", [], {}, { orgId: "7", protocol: "grpc" }],
  ])("takes its organization and wire protocol from %s", async (_, args, env, expected) => {
    const all = {
      XDG_CONFIG_HOME: folder,
      ZITADEL_URL: listener.url,
      ZITADEL_TOKEN: secret,
      ...env,
    };
    expect((await list(args, all)).request).toMatchObject(expected);
  });

  test.each<[string, () => string[], () => Record<string, string>, string]>([
    [
      "a missing URL",
      () => [],
      () => ({ HOME: "/home/ann" }),
      "No ZITADEL URL. Set ZITADEL_URL, pass --url, or use --profile NAME",
    ],
    [
      "a missing URL, with the path of the profile file",
      () => [],
      () => ({ HOME: "/home/ann" }),
      "use --profile NAME (profiles are read from /home/ann/.config/zitadel-idp/profiles.yaml)",
    ],
    [
      "a URL without credentials",
      () => ["--url", listener.url],
      () => ({}),
      "No ZITADEL credentials. Use one of these:\n  environment:  ZITADEL_TOKEN, ZITADEL_KEY, ZITADEL_KEY_FILE, or",
    ],
    [
      "two kinds of credentials",
      () => ["--url", listener.url, "--token-file", at("token"), "--key-file", at("key.json")],
      () => ({}),
      "the flags must give one token, one key, or one client id with its secret, not more (--token-file, --key-file)",
    ],
    [
      "two kinds of credentials in a profile",
      () => ["--profile", "both"],
      () => ({ XDG_CONFIG_HOME: folder }),
      "profile both must give one token, one key, or one client id with its secret, not more (tokenFile of profile both, clientId of profile both)",
    ],
    [
      "a token and a client secret",
      () => ["--url", listener.url],
      () => ({ ZITADEL_TOKEN: secret, ZITADEL_CLIENT_SECRET: secret }),
      "the environment must give one token, one key, or one client id with its secret, not more (ZITADEL_TOKEN, ZITADEL_CLIENT_SECRET)",
    ],
    [
      "a token and its file",
      () => ["--profile", "twice"],
      () => ({ XDG_CONFIG_HOME: folder }),
      "profile twice must give one token, one key, or one client id with its secret, not more (token of profile twice, tokenFile of profile twice)",
    ],
    [
      "a client secret without a client id",
      () => ["--url", listener.url],
      () => ({ ZITADEL_CLIENT_SECRET: secret }),
      "the environment must give both a client id and its secret; the client id is missing: add ZITADEL_CLIENT_ID, or leave out ZITADEL_CLIENT_SECRET",
    ],
    [
      "a client id without a secret",
      () => ["--url", listener.url, "--client-id", "x"],
      () => ({}),
      "the flags must give both a client id and its secret; the secret is missing: add --client-secret-file, or leave out --client-id",
    ],
    [
      "a profile's token with another URL",
      () => ["--profile", "literal", "--url", "https://other.example"],
      () => ({ XDG_CONFIG_HOME: folder }),
      "but the URL is https://other.example: pass credentials for that URL too",
    ],
    [
      "an unknown profile",
      () => ["--profile", "x"],
      () => ({ XDG_CONFIG_HOME: folder }),
      "has no profile x; its profiles: literal, file, key, client, both, bare, twice",
    ],
    [
      "a missing profile file",
      () => ["--profile", "x"],
      () => ({ XDG_CONFIG_HOME: "/nowhere" }),
      'cannot read the profiles from "/nowhere/zitadel-idp/profiles.yaml": it does not exist (ENOENT)',
    ],
    [
      "a mistake in the profile file",
      () => [
        "--profile",
        "x",
        "--profiles",
        write("bad.yaml", "profiles:\n  x: { url: a, tokn: planted }\n"),
      ],
      () => ({}),
      "bad.yaml:2:16: profiles.x has no member tokn; the members are url, token",
    ],
    [
      "a missing token file",
      () => ["--url", listener.url, "--token-file", "/nowhere"],
      () => ({}),
      'cannot read the token from "/nowhere" (--token-file): it does not exist (ENOENT)',
    ],
    [
      "a key and its file",
      () => [],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_KEY: "{}", ZITADEL_KEY_FILE: at("key.json") }),
      "the environment must give one token, one key, or one client id with its secret, not more (ZITADEL_KEY, ZITADEL_KEY_FILE)",
    ],
    [
      "a path instead of the key",
      () => [],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_KEY: at("key.json") }),
      "ZITADEL_KEY is not JSON: set it to the key itself, or set ZITADEL_KEY_FILE to the path of the key file",
    ],
    [
      "a key instead of a token",
      () => ["--url", listener.url, "--token-file", at("key.json")],
      () => ({}),
      "--token-file contains the key of a service user, not a token: pass it in --key-file",
    ],
    [
      "an unknown wire protocol",
      () => [],
      () => ({ ZITADEL_URL: listener.url, ZITADEL_TOKEN: secret, ZITADEL_PROTOCOL: "soap" }),
      "the protocol must be one of grpc, grpc-web, json",
    ],
    ["an invalid timeout", () => ["--timeout", "soon"], () => ({}), "must be a number of seconds"],
    [
      "a token over plain http",
      () => ["--url", "http://zitadel.example", "--token-file", at("token")],
      () => ({}),
      "would be sent unencrypted to zitadel.example",
    ],
    [
      "a wrong token",
      () => ["--url", listener.url, "--token-file", at("wrong")],
      () => ({}),
      "[unauthenticated]",
    ],
  ])("fails with a helpful error for %s", async (_, args, env, message) => {
    const { status, stdout, stderr } = await list(args(), env());
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
  });

  test.each<[Record<string, string>, string]>([
    [{ ZITADEL_URL: "" }, "ZITADEL_URL is"],
    [{ ZITADEL_TOKEN: "" }, "ZITADEL_TOKEN is"],
    [{ ZITADEL_TOKEN: " \n" }, "ZITADEL_TOKEN is"],
    [{ ZITADEL_TOKEN: "", ZITADEL_KEY: "" }, "ZITADEL_TOKEN and ZITADEL_KEY are"],
    [{ ZITADEL_TOKEN: "", ZITADEL_KEY_FILE: "" }, "ZITADEL_TOKEN and ZITADEL_KEY_FILE are"],
    [{ ZITADEL_TOKEN: "", ZITADEL_CLIENT_ID: "" }, "ZITADEL_TOKEN and ZITADEL_CLIENT_ID are"],
    [
      { ZITADEL_TOKEN: "", ZITADEL_CLIENT_ID: "ci", ZITADEL_CLIENT_SECRET: "" },
      "ZITADEL_CLIENT_SECRET is",
    ],
    [{ ZITADEL_ORG: "" }, "ZITADEL_ORG is"],
    [{ ZITADEL_PROTOCOL: "" }, "ZITADEL_PROTOCOL is"],
    [{ ZITADEL_INSTANCE_HOST: "" }, "ZITADEL_INSTANCE_HOST is"],
  ])("rejects the empty variables in %j", async (env, message) => {
    const all = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: secret, HOME: "/nowhere", ...env };
    const { status, stderr } = await list([], all);
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining(`error: ${message} set but empty: `),
    ]);
  });

  test("rejects an empty ZITADEL_PROFILE", async () => {
    const { stderr } = await list([], { ZITADEL_PROFILE: "" });
    expect(stderr).toBe(
      "error: ZITADEL_PROFILE is set but empty: set the name of a profile, or unset it\n",
    );
  });

  test("ignores an empty variable if the profile has the setting", async () => {
    const env = { ZITADEL_URL: "", ZITADEL_TOKEN: "", ZITADEL_KEY: "", ZITADEL_ORG: "" };
    const all = { XDG_CONFIG_HOME: folder, ZITADEL_PROFILE: "literal", ...env };
    expect(await list([], all)).toMatchObject({ status: 0, stderr: "" });
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ["a flag", ["--url", "acme"], {}, "--url: must be an absolute URL"],
    ["a variable", [], { ZITADEL_URL: "acme" }, "ZITADEL_URL: must be an absolute URL"],
    ["a profile", ["--profile", "odd"], {}, "url of profile odd: must be an absolute URL"],
    ["the organization", ["--org", "a b"], {}, "--org: must be an organization's id"],
    ["a token", [], { ZITADEL_TOKEN: "a b" }, "ZITADEL_TOKEN: must not contain spaces"],
    [
      "plain http",
      ["--url", "http://zitadel.example"],
      {},
      "ZITADEL_TOKEN: would be sent unencrypted to zitadel.example; use https://, or pass --allow-insecure-auth",
    ],
    [
      "an invalid key",
      [],
      { ZITADEL_TOKEN: "", ZITADEL_KEY: "{}" },
      'ZITADEL_KEY: the service account\'s key file must have the type "serviceaccount"',
    ],
    [
      "an unreachable server",
      ["--url", "http://localhost:1", "--protocol", "json"],
      {},
      "check that ZITADEL runs, and host and port of the URL (--url, ZITADEL_URL)",
    ],
  ])("names the flag or variable in the error for %s", async (_, args, env, message) => {
    write("zitadel-idp/profiles.yaml", "profiles: { odd: { url: acme, token: x } }");
    const all = { XDG_CONFIG_HOME: folder, ZITADEL_URL: listener.url, ZITADEL_TOKEN: "x", ...env };
    const { status, stderr } = await list(args, all);
    profiles("zitadel-idp/profiles.yaml", 0o600);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`error: `)]);
    expect(stderr).toContain(message);
  });

  test("diff connects to both sides", async () => {
    emulator.reset();
    const args = ["diff", "--profile", "file", "--to-profile", "literal"];
    expect(await cli(args, { env: { XDG_CONFIG_HOME: folder } })).toEqual({
      status: 0,
      stdout: "No differences: 0 providers are the same.\n",
      stderr: "",
    });
    expect(new Set(emulator.log.map(({ orgId }) => orgId))).toEqual(new Set(["7", "8"]));
  });

  test("--json prints errors as JSON", async () => {
    const { stderr } = await list(["--url", listener.url, "--token-file", at("wrong"), "--json"]);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "unauthenticated", outcome: "not_done" },
    });
    const usage = await list(["--json", "--timeout", "x"]);
    expect(JSON.parse(usage.stderr)).toMatchObject({ error: { code: "usage" } });
  });

  test("--debug prints the stack trace of an error, and no secret", async () => {
    const { stderr } = await list(["--url", listener.url, "--token-file", at("wrong"), "--debug"]);
    expect(stderr).toMatch(/^error: .*\n[^]*\n +at /);
    expect(stderr).not.toContain("Bearer");
  });
});

describe("a profile file with a token", () => {
  test.each([
    ["readable by the group", 0o640, "linux", 1],
    ["readable by others", 0o604, "darwin", 1],
    ["readable by its owner", 0o600, "linux", 0],
    ["on Windows", 0o666, "win32", 0],
  ])("%s", async (_, mode, platform, status) => {
    const file = profiles("modes.yaml", mode);
    const ended = await list(["--profiles", file, "--profile", "file"], {}, platform);
    expect(ended.status).toBe(status);
    if (status === 1) {
      expect(ended.stderr).toBe(
        `error: ${file} contains a token, and other users of this machine can read it: run chmod 600 ${file}\n`,
      );
    }
  });

  test("may be readable by others if it has no token", async () => {
    const text = `profiles: { p: { url: "${listener.url}", tokenFile: token } }`;
    const file = write("open.yaml", text, 0o644);
    expect((await list(["--profiles", file, "--profile", "p"])).status).toBe(0);
  });
});
