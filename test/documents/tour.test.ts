import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { run } from "../support/program.js";

const tour = "dist/examples/tour/main.js";

interface Report {
  agree: boolean;
  operations: {
    operation: string;
    grpc: { result: string };
    "grpc-web": { result: string };
    json: { result: string };
  }[];
}

describe("the tour", () => {
  test("succeeds on its own emulator, and prints a table of the results", async () => {
    const { status, stdout, stderr } = await run(tour, []);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^operation +grpc +grpc-web +json$/m);
    expect(stdout).toMatch(
      /^missing id +not_found QUERY-SAFrt +[\d.]+ ms +not_found QUERY-SAFrt +[\d.]+ ms +not_found/m,
    );
    expect(stdout).toContain("whoami found owner, 3 of 3 wire protocols, nothing missing.");
    expect(stdout).toContain(
      "doctor found broken oidc/issuer-mismatch in an issuer with an extra slash",
    );
    expect(stdout).toContain("all had the expected result, and the three wire protocols agree.");
  });

  test("removes all of its objects from the server of --url", async () => {
    await using emulator = createEmulator();
    const { url } = await emulator.listen();
    const { status, stdout } = await run(tour, ["--url", url, "--json"], {
      ZITADEL_TOKEN: emulator.token,
    });
    const report = JSON.parse(stdout) as Report;
    expect({ status, agree: report.agree }).toEqual({ status: 0, agree: true });
    for (const { operation, grpc, "grpc-web": grpcWeb, json } of report.operations) {
      expect([grpcWeb.result, json.result], operation).toEqual([grpc.result, grpc.result]);
    }
    const client = createIdpClient({
      baseUrl: emulator.url,
      auth: emulator.token,
      fetch: emulator.fetch,
    });
    expect((await client.management.listProviders({})).result).toEqual([]);
    expect((await client.admin.listIDPs({})).result).toEqual([]);
  });

  test("reaches an instance whose address differs from its name", async () => {
    await using emulator = createEmulator({ seed: { instance: { domain: "acme.example" } } });
    const { port } = await emulator.listen();
    const address = ["--url", `http://127.0.0.1:${port}`, "--instance-host", "acme.example"];
    const { status, stdout } = await run(tour, [...address, "--json"], {
      ZITADEL_TOKEN: emulator.token,
    });
    const { agree } = JSON.parse(stdout) as Report;
    expect({ status, agree }).toEqual({ status: 0, agree: true });
  });

  test("removes all objects and exits with 1 if the token lacks a role", async () => {
    await using emulator = createEmulator({
      seed: {
        organizations: [{ name: "Acme" }],
        serviceUsers: [
          {
            name: "ci",
            organization: "Acme",
            token: "weak",
            organizationRoles: { Acme: ["ORG_OWNER"] },
          },
        ],
      },
    });
    const { url } = await emulator.listen();
    const { status, stdout } = await run(tour, ["--url", url, "--token", "weak"]);
    expect(status).toBe(1);
    expect(stdout).toContain("update IDP (legacy API) over grpc: unknown");
    expect(stdout).toContain("add IDP (legacy API) over json: permission_denied AUTH-5mWD2");
    const client = createIdpClient({ baseUrl: emulator.url, auth: "weak", fetch: emulator.fetch });
    expect((await client.management.listProviders({})).result).toEqual([]);
  });

  test.each([
    ["a server without a token", ["--url", "http://localhost:1"], "--url needs a token"],
    ["an unknown option", ["--verbose"], "Unknown option '--verbose'"],
    [
      "a token over plain http:",
      ["--url", "http://acme.test", "--token", "t"],
      "option auth: would be sent unencrypted",
    ],
  ])("rejects %s and prints the usage", async (_, args, message) => {
    const { status, stderr } = await run(tour, args, { ZITADEL_TOKEN: "" });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain("Usage: npm start");
  });
});
