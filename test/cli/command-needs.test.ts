import { describe, expect, test } from "vitest";
import { operatorPermissions } from "../../gen/operator-rules.js";
import { permissions } from "../../gen/permissions.js";
import { createProgram } from "../../src/cli/program.js";
import { listCommandNeeds } from "../../src/whoami/command-needs.js";
import { createTestContext } from "../support/cli.js";
import { useCallers } from "../support/use-callers.js";

const { emulator, write, zitadel } = await useCallers();

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
