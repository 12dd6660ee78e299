import { type ChildProcess, execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { cli } from "../support/cli.js";
import { listenOnLoopback } from "../support/listen-on-loopback.js";
import { waitForExit, run, waitForOutput, start } from "../support/program.js";
import { startUnresponsiveServer } from "../support/unresponsive-server.js";

// The entry point of the published package in Node.js. The bundle starts twice as fast as the separate files.
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

/** A server that never answers, or a name that is never resolved. */
interface UnreachableServer {
  readonly url: string;
  /** Returns a promise that resolves when the program waits for the server. */
  waitsFor(child: ChildProcess): Promise<unknown>;
  dispose(): Promise<void>;
}

/** Starts a server that accepts connections and never sends a byte. */
async function startMute(): Promise<UnreachableServer> {
  const server = createServer();
  const { url, close } = await listenOnLoopback(server);
  return { url, waitsFor: async () => await once(server, "connection"), dispose: close };
}

describe("the program", () => {
  test("plans and applies, and reports the outcome by its exit status", async () => {
    const file = join(folder, "providers.yaml");
    writeFileSync(
      file,
      'organization: { providers: [{ type: google, clientId: c, clientSecret: "${SECRET}" }] }\n',
    );
    const plan = async (): Promise<number | null> =>
      (await run(program, ["plan", file], env)).status;
    expect(await plan()).toBe(2);
    // The standard input of this child process is not a terminal.
    const rejected = await run(program, ["apply", file], env);
    expect(rejected).toMatchObject({ status: 1 });
    expect(rejected.stderr).toMatch(/confirmation needs a terminal[^\n]*\n$/);
    const applied = await run(program, ["apply", file, "--yes"], env);
    expect(applied).toMatchObject({ status: 0 });
    expect(applied.stdout + applied.stderr).not.toMatch(/planted|\p{Cc}\[/u);
    expect(await plan()).toBe(0);
  });

  test("deletes nothing if a shell variable is not set, and reports a lost add as unknown", async () => {
    const add = ["add", "--type", "google", "--set", "clientId=c"];
    const secret = ["--secret-env", "clientSecret=SECRET"];
    emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault: { type: "drop", when: "after" } });
    // The list before the add, which may fail, and the search.
    emulator.inject({ rpc: "ListProviders", times: 2, fault: { type: "status", code: 7 } });
    const lost = await run(program, [...add, ...secret, "--json"], env);
    expect(lost).toMatchObject({ status: 1, stdout: "" });
    expect(JSON.parse(lost.stderr)).toMatchObject({
      error: { code: "unavailable", outcome: "unknown" },
    });
    const before = emulator.log.length;
    const rejected = await run(program, ["delete", "", "--yes"], env);
    expect(rejected).toMatchObject({ status: 1, stdout: "" });
    expect(rejected.stderr).toContain("<id-or-name> must not be empty");
    expect(emulator.log).toHaveLength(before);
    emulator.reset();
  });

  test("ends with 130 on Ctrl+C, and prints an error", async () => {
    await using silent = await startUnresponsiveServer();
    const requested = silent.waitForRequest();
    const child = start(program, ["list"], { ...env, ZITADEL_URL: silent.url });
    const end = waitForExit(child);
    await requested;
    child.kill("SIGINT");
    expect(await end).toMatchObject({
      status: 130,
      stdout: "",
      stderr: expect.stringMatching(/^error: /) as string,
    });
  });

  describe.each(["grpc", "grpc-web", "json"])("over %s, where nobody answers,", (protocol) => {
    /** A module that makes every DNS lookup wait forever, and prints that it does. */
    const endlessLookup =
      "data:text/javascript,import dns from 'node:dns'; import { syncBuiltinESMExports } from 'node:module';" +
      "dns.lookup = () => { console.log('lookup'); setInterval(() => {}, 1000); }; syncBuiltinESMExports();";
    const phases: [string, () => Promise<UnreachableServer>, string?][] = [
      ["a handshake", startMute],
      [
        "a DNS lookup",
        () =>
          Promise.resolve({
            url: "http://no-such-name.test",
            waitsFor: (child) => waitForOutput(child, /lookup/),
            dispose: () => Promise.resolve(),
          }),
        endlessLookup,
      ],
    ];

    test.each(phases)("--timeout and Ctrl+C end %s", async (_, begin, hook) => {
      const { url, waitsFor, dispose } = await begin();
      const args = [...(hook === undefined ? [] : ["--import", hook]), program, "list"];
      const more = ["--allow-insecure-auth", "--protocol", protocol];
      const settings = { ...env, ZITADEL_URL: url };
      const [script = "", ...rest] = args;
      const child = start(script, [...rest, "--timeout", "60", ...more, "--debug"], settings);
      const interrupted = waitForExit(child);
      await waitsFor(child);
      child.kill("SIGINT");
      expect(await interrupted).toMatchObject({ status: 130 });
      expect(await run(script, [...rest, "--timeout", "0.5", ...more], settings)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("timeout of 500 ms") as string,
      });
      await dispose();
    });
  });

  test("reads a file from a pipe, and ignores a closed output pipe", async () => {
    const node = JSON.stringify(process.execPath);
    const script = `set -o pipefail; ${node} ${program} export | ${node} ${program} plan - && ${node} ${program} schema | head -c 1`;
    const { stdout: printed } = await promisify(execFile)("bash", ["-c", script], {
      env: { ...process.env, ...env },
    });
    expect(printed).toMatch(/^Nothing to do: \d unchanged, 0 not listed\.\n\{$/);
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
    // The shell completes file names.
    [["plan", "--out", ""], []],
  ])("in bash completes %j with %j", (words, expected) => {
    expect(complete(...words)).toEqual(expected);
  });

  test.each([
    [
      "zsh",
      "      _arguments \\\n        '*--name[only providers with exactly this name]:value:_files' \\",
      "'*--protocol[wire protocol; default\\: grpc \\[ZITADEL_PROTOCOL\\]]:value:(grpc grpc-web json)'",
    ],
    [
      "fish",
      "complete -c zitadel-idp -f -n __fish_use_subcommand -a list -d 'List the providers of an organization, or of the instance with --instance.'",
      "-n '__fish_seen_subcommand_from migrate' -l to -x -a 'google azureAd' -d 'new type of the provider'",
    ],
  ])("for %s contains commands and options", async (shell, ...lines) => {
    const { status, stdout } = await cli(["completion", shell]);
    expect(status).toBe(0);
    for (const line of lines) {
      expect(stdout).toContain(line);
    }
  });

  test("rejects other shells", async () => {
    const { status, stderr } = await cli(["completion", "tcsh"]);
    expect([status, stderr]).toEqual([1, expect.stringContaining("choices are bash, zsh, fish")]);
  });
});
