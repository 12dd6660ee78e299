import { describe, expect, test } from "vitest";
import { startClockShiftProxy } from "../support/clock-shift-proxy.js";
import { useCallers, type WhoamiReport } from "../support/use-callers.js";

const { emulator, listener, whoami, zitadel } = await useCallers();

/** Returns the first column that matters of a report: the statuses of its parts, and the missing things. */
function summarize({ instance, organization, missing }: WhoamiReport): string {
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

  test("prints a text, with the missing requirements first", async () => {
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
grpc          reachable, in use
grpc-web      reachable
json          reachable

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

  test("reports that plan and apply can work, with the instance and its primary domain", async () => {
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

  test("reports a part that fails, and all other parts", async () => {
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

test.each([
  [0, "agrees with the server's"],
  [300_000, "300 s behind the server's: set the clock of this machine"],
  [-300_000, "300 s ahead of the server's: set the clock of this machine"],
])("whoami measures a clock difference of %i ms", async (shiftMs, text) => {
  const port = Number(new URL(listener.url).port);
  await using front = await startClockShiftProxy(port, shiftMs);
  const args = ["--url", front.url, "--protocol", "json"];
  const { clock } = await whoami(args, "t-org-owner");
  const { serverLeadSeconds } = clock as { serverLeadSeconds: number };
  expect(Math.abs(serverLeadSeconds - shiftMs / 1000)).toBeLessThanOrEqual(1);
  const { stdout } = await zitadel(["whoami", ...args], "t-org-owner");
  const seconds = /clock +(.*)\n/.exec(stdout)?.[1]?.replace(/\b(?:299|301)\b/, "300");
  expect(seconds).toBe(text);
});
