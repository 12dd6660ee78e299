import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { cli } from "../support/cli.js";
import { ended, run, start } from "../support/program.js";
import { startSilentServer } from "../support/silent-server.js";

// What Node.js runs of the published package: it starts twice as fast as the files that were bundled into it.
const program = "dist/node/cli/main.js";
const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));

let emulator: Emulator;
let listener: Listener;
let env: Record<string, string>;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: emulator.token, SECRET: "planted" };
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes connections, and never sends a byte. */
async function startMute(): Promise<{ url: string; dispose(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    dispose: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("the program", () => {
  test("plans, applies, and says by its status what became of it", async () => {
    const file = join(folder, "providers.yaml");
    writeFileSync(
      file,
      'organization: { providers: [{ type: google, clientId: c, clientSecret: "${SECRET}" }] }\n',
    );
    const plan = async (): Promise<number | null> =>
      (await run(program, ["plan", file], env)).status;
    expect(await plan()).toBe(2);
    // What a shell gives to a command in the background is no terminal.
    const refused = await run(program, ["apply", file], env);
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toMatch(/there is no terminal to ask on[^\n]*\n$/);
    const applied = await run(program, ["apply", file, "--yes"], env);
    expect(applied).toMatchObject({ status: 0 });
    expect(applied.stdout + applied.stderr).not.toMatch(/planted|\p{Cc}\[/u);
    expect(await plan()).toBe(0);
  });

  test("deletes nothing when a variable of the shell is not set, and reports a lost add as unknown", async () => {
    const add = ["add", "--type", "google", "--set", "clientId=c"];
    const secret = ["--secret-env", "clientSecret=SECRET"];
    emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault: { type: "drop", when: "after" } });
    emulator.inject({ rpc: "ListProviders", times: 1, fault: { type: "status", code: 7 } });
    const lost = await run(program, [...add, ...secret, "--json"], env);
    expect(lost).toMatchObject({ status: 1, stdout: "" });
    expect(JSON.parse(lost.stderr)).toMatchObject({
      error: { code: "unavailable", outcome: "unknown" },
    });
    const before = emulator.log.length;
    const refused = await run(program, ["delete", "", "--yes"], env);
    expect(refused).toMatchObject({ status: 1, stdout: "" });
    expect(refused.stderr).toContain("<id-or-name> must not be empty");
    expect(emulator.log).toHaveLength(before);
    emulator.reset();
  });

  test("ends with 130 on Ctrl+C, and says what is known", async () => {
    await using silent = await startSilentServer();
    const requested = silent.requested();
    const child = start(program, ["list"], { ...env, ZITADEL_URL: silent.url });
    const end = ended(child);
    await requested;
    child.kill("SIGINT");
    expect(await end).toMatchObject({
      status: 130,
      stdout: "",
      stderr: expect.stringMatching(/^error: /) as string,
    });
  });

  describe.each(["grpc", "grpc-web", "json"])("over %s, where nobody answers,", (protocol) => {
    /** Keeps the process busy with the look-up of a name that never ends. */
    const endlessLookup =
      "data:text/javascript,import dns from 'node:dns'; import { syncBuiltinESMExports } from 'node:module';" +
      "dns.lookup = () => void setInterval(() => {}, 1000); syncBuiltinESMExports();";
    const phases: [string, () => Promise<{ url: string; dispose(): Promise<void> }>, string?][] = [
      ["a handshake", startMute],
      [
        "the look-up of a name",
        () =>
          Promise.resolve({ url: "http://no-such-name.test", dispose: () => Promise.resolve() }),
        endlessLookup,
      ],
    ];

    test.each(phases)("--timeout and Ctrl+C end %s", async (_, begin, hook) => {
      const { url, dispose } = await begin();
      const args = [...(hook === undefined ? [] : ["--import", hook]), program, "list"];
      const more = ["--allow-insecure-auth", "--protocol", protocol];
      const settings = { ...env, ZITADEL_URL: url };
      const [script = "", ...rest] = args;
      const late = run(script, [...rest, "--timeout", "0.5", ...more], settings);
      const child = start(script, [...rest, "--timeout", "60", ...more, "--debug"], settings);
      const interrupted = ended(child);
      expect(await late).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("deadline of 500 ms") as string,
      });
      child.kill("SIGINT");
      expect(await interrupted).toMatchObject({ status: 130 });
      await dispose();
    });
  });

  test("reads a file from a pipe, and does not mind that nobody reads on", async () => {
    const node = JSON.stringify(process.execPath);
    const script = `set -o pipefail; ${node} ${program} export | ${node} ${program} plan - && ${node} ${program} schema | head -c 1`;
    const { stdout: said } = await promisify(execFile)("bash", ["-c", script], {
      env: { ...process.env, ...env },
    });
    expect(said).toMatch(/^Nothing to do: \d unchanged, 0 not listed\.\n\{$/);
  });
});

describe("completion", () => {
  const complete = (...words: string[]): string[] => {
    const script = `
eval "$(cat)"
COMP_WORDS=(zitadel-idp ${words.map((word) => `'${word}'`).join(" ")})
COMP_CWORD=${words.length}
_zitadel_idp
printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync("bash", ["-c", script], { input: bash, encoding: "utf8" })
      .split("\n")
      .filter((line) => line !== "");
  };
  let bash: string;
  beforeAll(async () => {
    bash = (await cli(["completion", "bash"])).stdout;
  });

  test.each([
    [["de"], ["deactivate", "delete"]],
    [["list", "--own"], ["--owner"]],
    [
      ["list", "--type", "git"],
      ["github", "githubEs", "gitlab", "gitlabSelfHosted"],
    ],
    [
      ["migrate", "1", "--to", ""],
      ["google", "azureAd"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish", "-h", "--help"],
    ],
    // Files are for the shell to complete.
    [["plan", "--out", ""], []],
  ])("in bash of %j gives %j", (words, expected) => {
    expect(complete(...words)).toEqual(expected);
  });

  test.each([
    [
      "zsh",
      "      _arguments \\\n        '*--name[those with exactly this name]:value:_files' \\",
      "'*--protocol[the wire; default\\: grpc \\[ZITADEL_PROTOCOL\\]]:value:(grpc grpc-web json)'",
    ],
    [
      "fish",
      "complete -c zitadel-idp -f -n __fish_use_subcommand -a list -d 'List providers.'",
      "-n '__fish_seen_subcommand_from migrate' -l to -x -a 'google azureAd' -d 'what it becomes'",
    ],
  ])("for %s has commands and options", async (shell, ...lines) => {
    const { status, stdout } = await cli(["completion", shell]);
    expect(status).toBe(0);
    for (const line of lines) {
      expect(stdout).toContain(line);
    }
  });

  test("is for these shells", async () => {
    const { status, stderr } = await cli(["completion", "tcsh"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining("choices are bash, zsh, fish")]);
  });
});
