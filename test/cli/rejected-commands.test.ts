import { describe, expect, test } from "vitest";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { useCallers } from "../support/use-callers.js";

const { emulator, write, zitadel } = await useCallers();

describe("a command that ZITADEL rejects", () => {
  const add = ["add", "--type", "google", "--name", "G", "--set", "clientId=c", "--secret-env", "clientSecret=SECRET"]; // prettier-ignore

  test.each<[string, string, string[], string, string[]]>([
    [
      "for want of a permission",
      "t-org-viewer",
      [],
      "AUTH-5mWD2",
      [
        "you are org-viewer (service user 14 of organization Acme (7)), with the credentials from ZITADEL_TOKEN",
        "your roles: ORG_OWNER_VIEWER in organization Acme (7), none on the instance",
        "missing: the permission org.idp.write, which these roles grant: ORG_OWNER or ORG_SETTINGS_MANAGER in organization Acme (7), or IAM_OWNER or IAM_ORG_MANAGER on the instance",
      ],
    ],
    [
      "for want of a permission on the instance",
      "t-iam-viewer",
      ["--instance"],
      "AUTH-5mWD2",
      [
        "you are iam-viewer (service user 12 of organization Acme (7)), with the credentials from ZITADEL_TOKEN",
        "your roles: IAM_OWNER_VIEWER on the instance",
        "missing: the permission iam.idp.write, which these roles grant: IAM_OWNER on the instance",
      ],
    ],
    [
      "for want of any role there",
      "t-elsewhere",
      [],
      "AUTHZ-cdgFk",
      [
        "you are elsewhere (service user 16 of organization 7), with the credentials from ZITADEL_TOKEN",
        "your roles: none in organization 7, none on the instance",
        "missing: the permission org.idp.write, which these roles grant: ORG_OWNER or ORG_SETTINGS_MANAGER in organization 7, or IAM_OWNER or IAM_ORG_MANAGER on the instance",
        "you have ORG_OWNER in organization Other (8): use --org 8",
      ],
    ],
    [
      "for an organization that does not exist",
      "t-org-owner",
      ["--org", "404"],
      "AUTH-Bs7Ds",
      [
        "you are org-owner (service user 13 of organization Acme (7)), with the credentials from ZITADEL_TOKEN",
        "your roles: none on the instance",
        "you have ORG_OWNER in organization Acme (7): use --org 7",
      ],
    ],
    [
      "for its token",
      "unknown-token",
      [],
      "AUTH-7fs1e",
      [
        "the token comes from ZITADEL_TOKEN: personal access token, or another opaque token, which looks the same",
        "it expires at an unknown time, because such a token does not show it",
      ],
    ],
  ])("%s names the caller", async (_, token, args, id, lines) => {
    for (const protocol of ["grpc", "grpc-web", "json"]) {
      const all = [...add, ...args, "--protocol", protocol];
      const text = await zitadel(all, token);
      const [error, ...others] = text.stderr.trimEnd().split("\n");
      expect([text.status, error]).toEqual([1, expect.stringContaining(`(${id})`)]);
      const section = `See docs/errors.md#${id.toLowerCase()} in the package zitadel-idp`;
      expect(others).toEqual([...lines.map((line) => `  ${line}`), section]);
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
  ])("shows only its own error if the reads for an explanation %s", async (_, rule) => {
    using fault = emulator.inject(rule);
    const { status, stderr } = await zitadel([...add, "--timeout", "1"], "t-org-viewer");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error: .*\(AUTH-5mWD2\)[^\n]*\nSee docs\/errors\.md#auth-5mwd2 in the package zitadel-idp\n$/,
      ),
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
    expect(rejected.stderr.trimEnd().split("\n")).toHaveLength(5);
    expect(rejected.stderr).toContain("\n  you are ci\\u000abot (");
    const { stdout } = await zitadel(["whoami"], "t-evil", { env });
    expect(stdout).toContain("\nuser          ci\\u000abot (");
    expect(stdout + rejected.stderr).not.toContain("\u001b");
  });

  test("names no section for an error that docs/errors.md does not explain", async () => {
    using fault = emulator.inject({
      rpc: "ListProviders",
      fault: { type: "status", code: 5, id: "QUERY-none0" },
    });
    const { status, stderr } = await zitadel(["list"], "t-org-owner");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^error: .*QUERY-none0[^\n]*\n$/)]);
    expect(fault.hits).toBe(1);
  });

  test("sends no more calls after any other failure", async () => {
    expect((await zitadel(["get", "404"], "t-old-owner")).status).toBe(1);
    const calls = emulator.log.filter(({ user }) => user === "old-owner");
    expect(new Set(calls.map(({ service }) => service))).toEqual(
      new Set(["zitadel.management.v1.ManagementService"]),
    );
  });
});
