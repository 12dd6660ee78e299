import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { operatorPermissions } from "../../gen/operator-rules.js";
import { permissions } from "../../gen/permissions.js";
import { createProgram } from "../../src/cli/program.js";
import { listCommandNeeds } from "../../src/whoami/command-needs.js";
import { cli, type CliEnvironment, createTestContext } from "../support/cli.js";
import { startNginx } from "../support/nginx.js";
import type { Ended } from "../support/program.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { startShiftingFront } from "../support/shifting-front.js";

const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
const clientSecret = "planted-s3cret";
const keys = createKeyPair();
const at = (name: string): string => join(folder, name);
function write(name: string, content: string): string {
  writeFileSync(at(name), content, { mode: 0o600 });
  return at(name);
}

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  const organization = "7";
  emulator = createEmulator({
    seed: {
      instance: { id: "1" },
      organizations: [
        { id: "7", name: "Acme" },
        { id: "8", name: "Other" },
        { id: "9", name: "Old", state: "inactive" },
        { id: "10", name: "Gone", state: "removed" },
      ],
      serviceUsers: [
        { id: "11", name: "iam-owner", organization, token: "t-iam-owner", instanceRoles: ["IAM_OWNER"], clientSecret, keys: [{ id: "k", publicKey: keys.publicSpki }] }, // prettier-ignore
        { id: "12", name: "iam-viewer", organization, token: "t-iam-viewer", instanceRoles: ["IAM_OWNER_VIEWER"] }, // prettier-ignore
        { id: "13", name: "org-owner", organization, token: "t-org-owner", organizationRoles: { 7: ["ORG_OWNER"] } }, // prettier-ignore
        { id: "14", name: "org-viewer", organization, token: "t-org-viewer", organizationRoles: { 7: ["ORG_OWNER_VIEWER"] } }, // prettier-ignore
        { id: "15", name: "nobody", organization, token: "t-nobody" },
        { id: "16", name: "elsewhere", organization, token: "t-elsewhere", organizationRoles: { 8: ["ORG_OWNER"], 9: ["ORG_OWNER_VIEWER"] } }, // prettier-ignore
        { id: "17", name: "old-owner", organization: "9", token: "t-old-owner", organizationRoles: { 9: ["ORG_OWNER"] } }, // prettier-ignore
      ],
      humans: [{ id: "99", name: "ada", organization: "Acme" }],
    },
  });
  listener = await emulator.listen();
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function zitadel(
  args: readonly string[],
  token: string | undefined,
  more: CliEnvironment = {},
): Promise<Ended> {
  const env = {
    ZITADEL_URL: listener.url,
    ...(token !== undefined && { ZITADEL_TOKEN: token }),
    SECRET: clientSecret,
    ...more.env,
  };
  const ended = await cli(args, { ...more, env });
  for (const secret of [clientSecret, ...(token === undefined ? [] : [token])]) {
    expect(ended.stdout + ended.stderr).not.toContain(secret);
  }
  return ended;
}

interface Report {
  readonly isReady: boolean;
  readonly missing: readonly { kind: string; message: string; permissions?: string[] }[];
  readonly protocols: readonly { protocol: string; inUse: boolean; getsThrough: boolean }[];
  readonly commands?: Record<string, { command: string; needs: string[]; missing: string[] }[]>;
  readonly [part: string]: unknown;
}

/** Runs `whoami --json`, and checks that the exit status says the same as the report. */
async function whoami(
  args: readonly string[],
  token: string | undefined,
  more: CliEnvironment = {},
): Promise<Report> {
  const { status, stdout, stderr } = await zitadel(["whoami", "--json", ...args], token, more);
  expect(stderr).toBe("");
  const report = JSON.parse(stdout) as Report;
  expect(status).toBe(report.isReady ? 0 : 1);
  return report;
}

/** Returns the first column that matters of a report: the statuses of its parts, and the missing things. */
function summarize({ instance, organization, missing }: Report): string {
  const statuses = [instance, organization].map((part) => (part as { status: string }).status);
  const things = missing.map(({ kind, permissions: names = [] }) => [kind, ...names].join(" "));
  return [...statuses, ...things].join(", ");
}

describe("whoami", () => {
  const orgPermissions = "org.idp.read org.idp.write policy.read policy.write";
  const iamPermissions = "iam.idp.read iam.idp.write iam.policy.read iam.policy.write";

  test.each([
    ["t-iam-owner", [], "known, known"],
    ["t-iam-owner", ["--instance"], "known, known"],
    ["t-iam-owner", ["--org", "8"], "known, known"],
    ["t-iam-owner", ["--org", "404"], "known, failed, organization"],
    ["t-iam-owner", ["--org", "404", "--instance"], "known, failed, organization"],
    ["t-iam-owner", ["--org", "10"], "known, failed, organization"],
    ["t-iam-owner", ["--org", "10", "--instance"], "known, failed"],
    ["t-iam-viewer", [], "known, known, permissions org.idp.write policy.write"],
    ["t-iam-viewer", ["--instance"], "known, known, permissions iam.idp.write iam.policy.write"],
    ["t-org-owner", [], "hidden, known"],
    ["t-org-owner", ["--org", "8"], `hidden, hidden, permissions ${orgPermissions}`],
    ["t-org-owner", ["--instance"], `hidden, known, permissions ${iamPermissions}`],
    ["t-org-viewer", [], "hidden, known, permissions org.idp.write policy.write"],
    ["t-nobody", [], `hidden, hidden, permissions ${orgPermissions}`],
    ["t-nobody", ["--instance"], `hidden, hidden, permissions ${iamPermissions}`],
    ["t-elsewhere", [], `hidden, hidden, permissions ${orgPermissions}`],
    ["t-elsewhere", ["--org", "8"], "hidden, known"],
    ["t-old-owner", [], "hidden, known"],
    ["unknown-token", [], "failed, failed, token"],
  ])("with the token %s and %j finds: %s", async (token, args, expected) => {
    for (const protocol of ["grpc", "grpc-web", "json"]) {
      expect(summarize(await whoami([...args, "--protocol", protocol], token))).toBe(expected);
    }
  });

  test("prints for people, the missing things first", async () => {
    const { status, stdout, stderr } = await zitadel(["whoami"], "t-elsewhere");
    expect([status, stderr]).toEqual([1, ""]);
    expect(stdout).toBe(`Not ready: plan and apply would fail on organization 7. Missing:
  the permissions org.idp.read, org.idp.write, policy.read, policy.write, which these roles grant: ORG_OWNER or ORG_SETTINGS_MANAGER in organization 7, or IAM_OWNER or IAM_ORG_MANAGER on the instance; you have ORG_OWNER in organization Other (8): use --org 8

url           ${listener.url} from ZITADEL_URL
instance      not visible to this user (needs iam.read)
organization  not visible to this user (needs org.read); the user's own
user          elsewhere (service user 16 of organization 7)
roles         ORG_OWNER on organization Other (8)
              ORG_OWNER_VIEWER on organization Old (9)
credentials   token from ZITADEL_TOKEN
token         personal access token, or another opaque token, which looks the same
              expires at an unknown time, because such a token does not show it
clock         agrees with the server's
grpc          gets through, in use
grpc-web      gets through
json          gets through

COMMAND         ORGANIZATION                                                      INSTANCE
list            no: lacks org.idp.read, policy.read                               no: lacks iam.idp.read, iam.policy.read
get             no: lacks org.idp.read, policy.read                               no: lacks iam.idp.read, iam.policy.read
add             no: lacks org.idp.read, org.idp.write                             no: lacks iam.idp.read, iam.idp.write
add --activate  no: lacks org.idp.read, org.idp.write, policy.read, policy.write  no: lacks iam.idp.read, iam.idp.write, iam.policy.read, iam.policy.write
update          no: lacks org.idp.read, org.idp.write                             no: lacks iam.idp.read, iam.idp.write
activate        no: lacks org.idp.read, policy.read, policy.write                 no: lacks iam.idp.read, iam.policy.read, iam.policy.write
deactivate      no: lacks org.idp.read, policy.read, policy.write                 no: lacks iam.idp.read, iam.policy.read, iam.policy.write
delete          no: lacks org.idp.read, org.idp.write, policy.read                no: lacks iam.idp.read, iam.idp.write, iam.policy.read
delete --users  no: lacks org.idp.read, org.idp.write, policy.read, user.read     no: lacks iam.idp.read, iam.idp.write, iam.policy.read, user.read
migrate         no: lacks org.idp.read, org.idp.write                             no: lacks iam.idp.read, iam.idp.write
export          no: lacks org.idp.read, policy.read                               no: lacks iam.idp.read, iam.policy.read
plan            no: lacks org.idp.read, policy.read                               no: lacks iam.idp.read, iam.policy.read
apply           no: lacks org.idp.read, org.idp.write, policy.read, policy.write  no: lacks iam.idp.read, iam.idp.write, iam.policy.read, iam.policy.write
diff            no: lacks org.idp.read, policy.read                               no: lacks iam.idp.read, iam.policy.read
doctor          no: lacks org.idp.read, policy.read                               no: lacks iam.idp.read, iam.policy.read
expiry          no: lacks org.idp.read                                            no: lacks iam.idp.read
`);
  });

  test("says that all is ready, with the instance and its primary domain", async () => {
    const { stdout } = await zitadel(["whoami", "--org", "9"], "t-iam-owner");
    expect(stdout).toMatch(/^Ready: plan and apply can work on organization Old \(9\)\.\n/);
    expect(stdout).toMatch(
      /\ninstance {6}ZITADEL \(1\), version [\w:.-]+, domains [\w-]+\.localhost, localhost \(primary\)\n/,
    );
    expect(stdout).toContain("\norganization  Old (9), inactive; from --org\n");
    expect(stdout).toContain(
      "\nuser          iam-owner (service user 11 of organization Acme (7))\n",
    );
  });

  test("prints its parts as JSON", async () => {
    expect(await whoami(["--org", "8"], "t-iam-owner")).toMatchObject({
      isReady: true,
      missing: [],
      owner: "org",
      url: listener.url,
      credentials: {
        kind: "token",
        from: "environment",
        setting: "ZITADEL_TOKEN",
        token: { kind: "opaqueToken" },
      },
      instance: { status: "known", value: { id: "1", name: "ZITADEL" } },
      organizationId: "8",
      organization: { status: "known", value: { id: "8", name: "Other", state: "active" } },
      user: {
        status: "known",
        value: {
          id: "11",
          loginName: "iam-owner",
          type: "machine",
          organization: { id: "7", name: "Acme" },
        },
      },
      roles: { status: "known", value: [{ on: "instance", roles: ["IAM_OWNER"] }] },
      permissions: { status: "known", value: expect.arrayContaining(["iam.idp.write"]) },
      clock: { serverLeadSeconds: expect.toBeOneOf([-1, 0, 1]) },
    });
  });

  test("reports a part that fails, and still the others", async () => {
    using _ = emulator.inject({
      rpc: "ListMyMemberships",
      fault: { type: "status", code: 13, id: "TEST-broken", message: "broken" },
    });
    const report = await whoami([], "t-org-owner");
    expect(report).toMatchObject({
      isReady: true,
      user: { status: "known" },
      roles: { status: "failed", error: { code: "internal", id: "TEST-broken" } },
    });
    expect((await zitadel(["whoami"], "t-org-owner")).stdout).toContain(
      "\nroles         unknown: [internal] broken (TEST-broken)\n",
    );
  });

  test("fails if the permissions cannot be read", async () => {
    using _ = emulator.inject({
      rpc: "ListMyZitadelPermissions",
      fault: { type: "status", code: 13, id: "TEST-broken" },
    });
    const report = await whoami([], "t-org-owner");
    expect(report.missing).toMatchObject([{ kind: "answer", error: { id: "TEST-broken" } }]);
    expect(report.commands).toBeUndefined();
  });

  test("ends when it is interrupted", async () => {
    const interruption = new AbortController();
    using delay = emulator.inject({ fault: { type: "delay", ms: 20_000 } });
    const ended = zitadel(["whoami"], "t-org-owner", { signal: interruption.signal });
    await expect.poll(() => delay.hits).toBeGreaterThan(0);
    interruption.abort(new Error("interrupted"));
    expect((await ended).status).toBe(130);
  });

  test("gives each call the deadline of the connection", async () => {
    using _ = emulator.inject({ rpc: "GetMyInstance", fault: { type: "delay", ms: 20_000 } });
    expect(await whoami(["--timeout", "1"], "t-iam-owner")).toMatchObject({
      isReady: true,
      instance: { status: "failed", error: { code: "deadline_exceeded" } },
    });
  });

  test("rejects an invalid setting by its name", async () => {
    const { status, stderr } = await zitadel(["whoami", "--url", "acme"], "t-org-owner");
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("--url: must be an absolute URL"),
    ]);
  });
});

describe("whoami tells the credentials", () => {
  const day = 24 * 60 * 60 * 1000;
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = (claims: object): string => `${encode({ alg: "RS256" })}.${encode(claims)}.c2ln`;

  beforeAll(() => {
    const key = { type: "serviceaccount", keyId: "k", key: keys.privatePkcs1, userId: "11" };
    write("key.json", JSON.stringify(key));
    write("wrong.json", JSON.stringify({ ...key, keyId: "other" }));
    write("token", "t-iam-owner\n");
    write("secret", `${clientSecret}\n`);
    write("profiles.yaml", `profiles: { p: { url: "${listener.url}", tokenFile: token } }\n`);
  });

  test.each<[string, string[], Record<string, string>, object]>([
    [
      "a token file",
      ["--token-file", at("token")],
      {},
      { kind: "token", from: "flags", setting: "--token-file", token: { kind: "opaqueToken" } },
    ],
    [
      "a profile",
      ["--profiles", at("profiles.yaml"), "--profile", "p"],
      {},
      { kind: "token", from: "profile", setting: "tokenFile of profile p", profile: "p" },
    ],
    [
      "a service account key",
      ["--key-file", at("key.json")],
      {},
      {
        kind: "serviceAccountKey",
        from: "flags",
        setting: "--key-file",
        token: { kind: "opaqueAccessToken", expiresAt: expect.any(String) },
      },
    ],
    [
      "client credentials",
      [],
      { ZITADEL_CLIENT_ID: "iam-owner", ZITADEL_CLIENT_SECRET: clientSecret },
      {
        kind: "clientCredentials",
        from: "environment",
        setting: "ZITADEL_CLIENT_SECRET",
        token: { kind: "opaqueAccessToken", expiresAt: expect.any(String) },
      },
    ],
  ])("%s", async (_, args, env, expected) => {
    const report = await whoami(args, undefined, { env });
    expect(report).toMatchObject({ isReady: true, credentials: expected });
    const { token } = report["credentials"] as { token: { expiresAt?: string } };
    if (token.expiresAt !== undefined) {
      const lifetimeMs = Date.parse(token.expiresAt) - Date.now();
      expect(lifetimeMs).toBeGreaterThan(0);
      expect(lifetimeMs).toBeLessThanOrEqual(day / 2);
    }
    const tokenRequests = emulator.log.filter(({ path }) => path === "/oauth/v2/token");
    expect(tokenRequests.length).toBeLessThanOrEqual(1);
  });

  test.each<[string, string[], Record<string, string>, string]>([
    ["an unknown key", ["--key-file", at("wrong.json")], {}, "rejected the service account's key"],
    [
      "a wrong client secret",
      [],
      { ZITADEL_CLIENT_ID: "iam-owner", ZITADEL_CLIENT_SECRET: "wrong" },
      "rejected the client credentials",
    ],
  ])("%s, and tries the wire protocols without a token", async (_, args, env, message) => {
    const report = await whoami(args, undefined, { env });
    expect(report.missing).toMatchObject([
      { kind: "token", message: expect.stringContaining(message) },
    ]);
    expect(report.protocols.map(({ getsThrough }) => getsThrough)).toEqual([true, true, true]);
    expect(report["credentials"]).not.toHaveProperty("token");
    expect(report).toHaveProperty("clock");
  });

  test.each([
    [
      "an expired JWT",
      { iss: "ISSUER", sub: "11", exp: 1_700_000_000 },
      "jwtAccessToken",
      "2023-11-14T22:13:20.000Z",
    ],
    [
      "an assertion",
      { iss: "11", sub: "11", exp: 4_000_000_000 },
      "assertion",
      "2096-10-02T07:06:40.000Z",
    ],
  ])("%s", async (_, claims, kind, expiresAt) => {
    // prettier-ignore
    const token = jwt({ ...claims, iss: claims.iss.replace("ISSUER", listener.url) });
    const report = await whoami([], token);
    expect(report.missing).toMatchObject([{ kind: "token", error: { id: "AUTH-7fs1e" } }]);
    expect(report["credentials"]).toMatchObject({ token: { kind, expiresAt } });
  });
});

describe("whoami tries each wire protocol", () => {
  /** Starts nginx, which passes the requests on whose content type fits. */
  async function startFront(condition: string) {
    const { port } = new URL(listener.url);
    return await startNginx({
      listen: "http2",
      lines: [
        "location / {",
        `  if ($content_type ${condition}) { return 403; }`,
        `  grpc_pass grpc://localhost:${port};`,
        "  grpc_set_header Host $http_host;",
        "}",
      ],
    });
  }

  test.each([
    ["grpc", '!~ "^application/grpc(\\+proto)?$"'],
    ["grpc-web", '!~ "grpc-web"'],
    ["json", '~ "grpc"'],
  ])("behind a front that passes only %s", async (passed, condition) => {
    await using front = await startFront(condition);
    for (const used of ["grpc", "grpc-web", "json"]) {
      const args = ["--url", `http://localhost:${front.port}`, "--protocol", used];
      const report = await whoami(args, "t-org-owner");
      expect(report.protocols).toMatchObject(
        ["grpc", "grpc-web", "json"].map((protocol) => ({
          protocol,
          inUse: protocol === used,
          getsThrough: protocol === passed,
        })),
      );
      // The facts come over the wire protocol that gets through.
      expect(report["user"]).toMatchObject({ status: "known", value: { id: "13" } });
      const missing =
        used === passed ? [] : [{ kind: "protocol", protocol: used, alternatives: [passed] }];
      expect(report.missing).toMatchObject(missing);
      expect(report.isReady).toBe(used === passed);
    }
  });

  test("and gives the reason and the way out", async () => {
    const { port } = new URL(listener.url);
    await using front = await startNginx({
      listen: "",
      lines: [
        "location / {",
        `  proxy_pass http://localhost:${port};`,
        "  proxy_http_version 1.1;",
        "  proxy_set_header Host $http_host;",
        "}",
      ],
    });
    const args = ["whoami", "--url", `http://localhost:${front.port}`];
    const { status, stdout } = await zitadel(args, "t-org-owner");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /Missing:\n {2}the wire protocol grpc, which does not get through: .*; grpc-web and json would: use --protocol grpc-web\n/,
    );
    expect(stdout).toMatch(/\ngrpc {10}does not get through: see above, in use\n/);
    expect(stdout).toMatch(/\ngrpc-web {6}gets through\n/);
  });

  test("to a server that does not run", async () => {
    const report = await whoami(["--url", "http://localhost:1"], "t-org-owner");
    expect(report.missing).toMatchObject([
      { kind: "protocol", protocol: "grpc", alternatives: [] },
    ]);
    expect(report["user"]).toMatchObject({ status: "failed" });
  });
});

test.each([
  [0, "agrees with the server's"],
  [300_000, "300 s behind the server's: set the clock of this machine"],
  [-300_000, "300 s ahead of the server's: set the clock of this machine"],
])("whoami measures a clock difference of %i ms", async (shiftMs, text) => {
  const port = Number(new URL(listener.url).port);
  await using front = await startShiftingFront(port, shiftMs);
  const args = ["--url", front.url, "--protocol", "json"];
  const { clock } = await whoami(args, "t-org-owner");
  const { serverLeadSeconds } = clock as { serverLeadSeconds: number };
  expect(Math.abs(serverLeadSeconds - shiftMs / 1000)).toBeLessThanOrEqual(1);
  const { stdout } = await zitadel(["whoami", ...args], "t-org-owner");
  const seconds = /clock +(.*)\n/.exec(stdout)?.[1]?.replace(/\b(?:299|301)\b/, "300");
  expect(seconds).toBe(text);
});

describe("the table of permissions", () => {
  const commandLines: readonly (readonly [row: string, args: readonly string[]])[] = [
    ["add", ["add", "--type", "google", "--name", "G", "--set", "clientId=c", "--secret-env", "clientSecret=SECRET"]], // prettier-ignore
    ["add --activate", ["add", "--type", "google", "--name", "H", "--set", "clientId=c", "--secret-env", "clientSecret=SECRET", "--activate"]], // prettier-ignore
    ["list", ["list"]],
    ["get", ["get", "G"]],
    ["update", ["update", "G", "--set", "clientId=d"]],
    ["activate", ["activate", "G"]],
    ["deactivate", ["deactivate", "G"]],
    ["export", ["export"]],
    ["diff", ["diff", "--to-org", "8"]],
    ["expiry", ["expiry", "--org", "7"]],
    ["plan", ["plan", "FILE", "--no-state"]],
    ["delete", ["delete", "G", "--yes"]],
    ["delete --users", ["delete", "H", "--yes", "--users", "USERS"]],
    ["apply", ["apply", "FILE", "--no-state", "--yes"]],
    ["migrate", ["migrate", "O", "--to", "google", "--set", "clientId=c", "--secret-env", "clientSecret=SECRET", "--yes"]], // prettier-ignore
  ];

  test.each(["org", "instance"] as const)(
    "has the permissions of the RPCs that each command calls on the %s",
    async (owner) => {
      const isInstance = owner === "instance";
      const key = isInstance ? "instance" : "organization";
      const provider =
        '{ type: google, name: N, active: true, clientId: c, clientSecret: "${SECRET}" }';
      const file = write("p.yaml", `${key}: { providers: [${provider}] }\n`);
      const users = write("users.txt", "99\n");
      if (!isInstance) {
        const first = ["add", "--type", "google", "--name", "First", "--set", "clientId=c", "--secret-env", "clientSecret=SECRET", "--activate", "--create-policy"]; // prettier-ignore
        expect((await zitadel(first, "t-iam-owner")).status).toBe(0);
      }
      const oidc = ["add", "--type", "oidc", "--name", "O", "--set", "clientId=c", "--set", "issuer=https://o.example", "--secret-env", "clientSecret=SECRET"]; // prettier-ignore
      expect((await zitadel(withOwner(oidc), "t-iam-owner")).status).toBe(0);
      const rows = listCommandNeeds(owner).flatMap(({ command, needs, forOptions }) => [
        { row: command, needs },
        ...forOptions.map(({ option, needs: more }) => ({
          row: `${command} ${option}`,
          needs: [...needs, ...more],
        })),
      ]);
      const called: Record<string, string[]> = {};
      for (const [row, args] of commandLines) {
        const seen = emulator.log.length;
        const { status, stderr } = await zitadel(
          withOwner(args.map((each) => ({ FILE: file, USERS: users })[each] ?? each)),
          "t-iam-owner",
        );
        expect([row, status === 1 ? stderr : ""]).toEqual([row, ""]);
        called[row] = neededSince(seen);
      }
      expect(called).toEqual(
        Object.fromEntries(
          rows
            .filter(({ row }) => row !== "doctor")
            .map(({ row, needs }) => [row, needs.toSorted()]),
        ),
      );

      function withOwner(args: readonly string[]): string[] {
        const isFileCommand = args[0] === "plan" || args[0] === "apply";
        const target = args[0] === "diff" && isInstance ? ["diff", "--to-instance"] : args;
        return [...target, ...(isInstance && !isFileCommand ? ["--instance"] : [])];
      }
    },
  );

  /** Returns the permissions of the RPCs that the emulator has logged since an entry, each once. */
  function neededSince(index: number): string[] {
    const rpcs = emulator.log
      .slice(index)
      .flatMap(({ service, rpc }) => (service && rpc ? [`${service}/${rpc}`] : []));
    const needed = rpcs.map((rpc) => permissions[rpc] ?? operatorPermissions[rpc] ?? rpc);
    return [...new Set(needed)].toSorted();
  }

  test("has each command that connects to ZITADEL", () => {
    const connecting = createProgram(createTestContext(), "0.0.0")
      .commands.filter(({ options }) => options.some(({ long }) => long === "--url"))
      .map((command) => command.name())
      .filter((name) => name !== "whoami");
    const listed = listCommandNeeds("org").map(({ command }) => command);
    expect(listed).toEqual(expect.arrayContaining(connecting));
  });

  test("names the permissions of hidden parts as the API has them", () => {
    expect([
      operatorPermissions["zitadel.admin.v1.AdminService/GetMyInstance"],
      operatorPermissions["zitadel.management.v1.ManagementService/GetMyOrg"],
    ]).toEqual(["iam.read", "org.read"]);
  });
});

describe("a command that ZITADEL rejects", () => {
  const add = ["add", "--type", "google", "--name", "G", "--set", "clientId=c", "--secret-env", "clientSecret=SECRET"]; // prettier-ignore

  test.each<[string, string, string[], RegExp, string[]]>([
    [
      "for want of a permission",
      "t-org-viewer",
      [],
      /\(AUTH-5mWD2\)/,
      [
        "you are org-viewer (service user 14 of organization Acme (7)), by the credentials of ZITADEL_TOKEN",
        "your roles: ORG_OWNER_VIEWER in organization Acme (7), none on the instance",
        "missing: the permission org.idp.write, which these roles grant: ORG_OWNER or ORG_SETTINGS_MANAGER in organization Acme (7), or IAM_OWNER or IAM_ORG_MANAGER on the instance",
      ],
    ],
    [
      "for want of a permission on the instance",
      "t-iam-viewer",
      ["--instance"],
      /\(AUTH-5mWD2\)/,
      [
        "you are iam-viewer (service user 12 of organization Acme (7)), by the credentials of ZITADEL_TOKEN",
        "your roles: IAM_OWNER_VIEWER on the instance",
        "missing: the permission iam.idp.write, which these roles grant: IAM_OWNER on the instance",
      ],
    ],
    [
      "for want of any role there",
      "t-elsewhere",
      [],
      /\(AUTHZ-cdgFk\)/,
      [
        "you are elsewhere (service user 16 of organization 7), by the credentials of ZITADEL_TOKEN",
        "your roles: none in organization 7, none on the instance",
        "missing: the permission org.idp.write, which these roles grant: ORG_OWNER or ORG_SETTINGS_MANAGER in organization 7, or IAM_OWNER or IAM_ORG_MANAGER on the instance",
        "you have ORG_OWNER in organization Other (8): use --org 8",
      ],
    ],
    [
      "for an organization that does not exist",
      "t-org-owner",
      ["--org", "404"],
      /\(AUTH-Bs7Ds\)/,
      [
        "you are org-owner (service user 13 of organization Acme (7)), by the credentials of ZITADEL_TOKEN",
        "your roles: none on the instance",
        "you have ORG_OWNER in organization Acme (7): use --org 7",
      ],
    ],
    [
      "for its token",
      "unknown-token",
      [],
      /\(AUTH-7fs1e\)/,
      [
        "the token comes from ZITADEL_TOKEN: personal access token, or another opaque token, which looks the same",
        "it expires at an unknown time, because such a token does not show it",
      ],
    ],
  ])("%s explains who called", async (_, token, args, first, lines) => {
    for (const protocol of ["grpc", "grpc-web", "json"]) {
      const all = [...add, ...args, "--protocol", protocol];
      const text = await zitadel(all, token);
      const [error, ...others] = text.stderr.trimEnd().split("\n");
      expect([text.status, error]).toEqual([1, expect.stringMatching(first)]);
      expect(others).toEqual(lines.map((line) => `  ${line}`));
      const json = await zitadel([...all, "--json"], token);
      expect(JSON.parse(json.stderr)).toMatchObject({ error: { explanation: lines } });
    }
  });

  test("names the organization of the file, and not that of the connection", async () => {
    const file = write("orgs.yaml", 'organizations: { "8": { providers: [] } }\n');
    const { stderr } = await zitadel(["plan", file, "--no-state"], "t-org-owner");
    expect(stderr).toContain("  your roles: none in organization 8, none on the instance\n");
    expect(stderr).toContain("  you have ORG_OWNER in organization Acme (7): use --org 7\n");
  });

  test.each<[string, Parameters<Emulator["inject"]>[0]]>([
    ["fail", { rpc: "GetMyUser", fault: { type: "status", code: 13 } }],
    ["take too long", { rpc: "GetMyUser", fault: { type: "delay", ms: 20_000 } }],
  ])("shows its own error alone if the reads %s", async (_, rule) => {
    using fault = emulator.inject(rule);
    const { status, stderr } = await zitadel([...add, "--timeout", "1"], "t-org-viewer");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: .*\(AUTH-5mWD2\)[^\n]*\n$/),
    ]);
    expect(fault.hits).toBeGreaterThan(0);
  });

  test("escapes names of the server that would change the terminal", async () => {
    const evil = createEmulator({
      seed: {
        organizations: [{ id: "7", name: "\u001b[2JAcme\nReady" }],
        serviceUsers: [{ id: "1", name: "ci\nbot", organization: "7", token: "t-evil" }],
      },
    });
    await using served = await evil.listen();
    const env = { ZITADEL_URL: served.url };
    const rejected = await zitadel(add, "t-evil", { env });
    expect(rejected.stderr.trimEnd().split("\n")).toHaveLength(4);
    expect(rejected.stderr).toContain("\n  you are ci\\u000abot (");
    const { stdout } = await zitadel(["whoami"], "t-evil", { env });
    expect(stdout).toContain("\nuser          ci\\u000abot (");
    expect(stdout + rejected.stderr).not.toContain("\u001b");
  });

  test("sends no more calls after any other failure", async () => {
    expect((await zitadel(["get", "404"], "t-old-owner")).status).toBe(1);
    const calls = emulator.log.filter(({ user }) => user === "old-owner");
    expect(new Set(calls.map(({ service }) => service))).toEqual(
      new Set(["zitadel.management.v1.ManagementService"]),
    );
  });
});
