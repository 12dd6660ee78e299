import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { ended, run, said, start } from "../support/program.js";

const cli = "dist/src/cli/main.js";
const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function seedFile(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("zitadel-idp emulator", () => {
  test("serves, says how to call it, and ends cleanly on a signal", async () => {
    const child = start(cli, ["emulator", "--port", "0"]);
    const end = ended(child);
    const [text, url = "", token = ""] = await said(
      child,
      /on (http:\/\/localhost:\d+)[^]*token +(\w+)[^]*Ctrl\+C/,
    );
    await using client = createIdpClient({ baseUrl: url, auth: token });
    await client.management.listProviders({});
    const curl = /curl .*/.exec(text)?.[0] ?? "";
    expect(
      JSON.parse(execFileSync("bash", ["-c", `${curl} -s`], { encoding: "utf8" })),
    ).toMatchObject({
      details: { viewTimestamp: expect.any(String) as string },
    });
    child.kill("SIGTERM");
    expect(await end).toMatchObject({ status: 0, stderr: "" });
  });

  test("takes its state from a file, and the owner's token from an option", async () => {
    const seed = seedFile(
      "seed.json",
      JSON.stringify({ organizations: [{ id: "7", name: "Acme" }] }),
    );
    const child = start(cli, ["emulator", "--port", "0", "--seed", seed, "--token", "mine"]);
    const [, url = ""] = await said(
      child,
      /on (http:\/\/localhost:\d+)[^]*organization +7\n +token +mine\n/,
    );
    await using client = createIdpClient({ baseUrl: url, auth: "mine", protocol: "json" });
    await expect(client.admin.listProviders({})).resolves.toBeDefined();
    child.kill("SIGINT");
    expect(await ended(child)).toMatchObject({ status: 0 });
  });

  test("a port in use is told, with the way out", async () => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen();
    expect(await run(cli, ["emulator", "--port", String(port)])).toEqual({
      status: 1,
      stdout: "",
      stderr: `error: port ${port} on 127.0.0.1 is in use: choose another with --port, or 0 for any that is free\n`,
    });
  });

  test.each([
    ["a port that is none", ["--port", "http"], "must be a number from 0 to 65535"],
    ["an option that is none", ["--prot", "1"], "unknown option '--prot'\n(Did you mean --port?)"],
    ["a seed that is not there", ["--seed", "nowhere.json"], "error: cannot read the seed: ENOENT"],
    [
      "a seed that is no JSON",
      ["--seed", seedFile("bad.json", "{")],
      "error: cannot read the seed: ",
    ],
    [
      "a seed with a mistake",
      ["--seed", seedFile("role.json", '{"organizations":[]}')],
      "error: seed: there must be an organization",
    ],
    [
      "a token beside the seed's own users",
      ["--token", "t", "--seed", seedFile("users.json", '{"serviceUsers":[]}')],
      "error: --token is for the owner",
    ],
  ])("%s is refused", async (_, args, message) => {
    const { status, stderr } = await run(cli, ["emulator", ...args]);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });

  test("the version is the package's", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await run(cli, ["--version"])).toEqual({
      status: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });
});
