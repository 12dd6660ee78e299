import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useCli } from "../support/use-cli.js";

const { folder, zitadel } = await useCli(undefined, {
  ZITADEL_IDP_STATE_KEY: "0123456789abcdef",
  ZITADEL_IDP_VAR_DATE: "2031-03-01",
});

function write(date: string): string {
  const file = join(folder, "providers.yaml");
  const entry = `{ type: google, name: Google, clientId: g, clientSecret: "\${SECRET}", clientSecretExpires: ${date} }`;
  writeFileSync(file, `organization:\n  providers:\n    - ${entry}\n`);
  return file;
}

const warning =
  'warning: the clientSecret of google "Google" expired on 2020-01-01: create a new one at the provider, then set clientSecret and clientSecretExpires\n';

describe("clientSecretExpires in a provider file", () => {
  test("is a note of plan and apply, and part of the plan as JSON", async () => {
    const file = write("2020-01-01");
    expect(await zitadel(["plan", file])).toMatchObject({ status: 2, stderr: warning });
    const { stdout, stderr } = await zitadel(["plan", file, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      warnings: [{ field: "clientSecretExpires", expiresAt: "2020-01-01T00:00:00.000Z" }],
    });
    expect(stderr).toBe("");
    expect(await zitadel(["apply", file, "--yes"])).toMatchObject({ status: 0, stderr: warning });
    expect(await zitadel(["apply", file])).toMatchObject({ status: 0, stderr: warning });
  });

  test("is recorded by an apply that has nothing to do, and exported with the state", async () => {
    const file = write("2031-03-01");
    expect((await zitadel(["apply", file, "--yes"])).status).toBe(0);
    write("2032-03-01");
    const again = await zitadel(["apply", file]);
    expect(again).toMatchObject({
      status: 0,
      stdout: "Nothing to do: 1 unchanged, 0 not listed.\n",
      stderr: "",
    });
    const state = `${file}.state.json`;
    expect(readFileSync(state, "utf8")).toContain('"clientSecret": "2032-03-01"');
    const { stdout } = await zitadel(["export", "--state", state, "--schema", "s"]);
    expect(stdout).toContain(
      "      # clientSecret: ${GOOGLE_CLIENT_SECRET}\n      clientSecretExpires: 2032-03-01\n",
    );
    expect((await zitadel(["export"])).stdout).not.toContain("clientSecretExpires");
  });

  test("may come from a variable, and is rejected with its place", async () => {
    expect((await zitadel(["plan", write("'${ZITADEL_IDP_VAR_DATE}'")])).status).toBe(2);
    const file = write("31.12.2031");
    expect(await zitadel(["plan", file])).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: ${file}:3:98: organization.providers[0].clientSecretExpires: must be a date such as 2027-03-01, or a date and time with its zone such as 2027-03-01T12:00:00Z\n`,
    });
  });
});
