import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import type { ChildProcess } from "node:child_process";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import type { LockHolder } from "../../src/cli/lock/lock-holder.js";
import { acquireStateLock } from "../../src/cli/lock/state-lock.js";
import { cli, type CliEnvironment } from "../support/cli.js";
import { type ProgramResult, waitForExit, start } from "../support/program.js";

let emulator: Emulator;
let listener: Listener;
let folder: string;
let file: string;
let state: string;
let lock: string;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
beforeEach(() => {
  emulator.reset();
  folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
  file = join(folder, "providers.yaml");
  state = `${file}.state.json`;
  lock = `${state}.lock`;
  const google = '{ type: google, name: Google, clientId: c, clientSecret: "${SECRET}" }';
  writeFileSync(file, `organization: { providers: [${google}] }\n`);
  return () => rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => await emulator.close());

async function zitadel(args: readonly string[], more: CliEnvironment = {}): Promise<ProgramResult> {
  const env = { ZITADEL_URL: listener.url, ZITADEL_TOKEN: emulator.token, SECRET: "s" };
  return await cli(args, { ...more, env });
}

const apply = async (...args: string[]): Promise<ProgramResult> =>
  await zitadel(["apply", file, "--yes", ...args]);

function hold(timeoutMs = 0, signal = new AbortController().signal): Promise<() => Promise<void>> {
  const nothing = (): void => undefined;
  return acquireStateLock(state, { timeoutMs, signal, onWait: nothing, onTakeOver: nothing });
}

/** Writes a lock file as another process would leave it. */
function leave(more: Partial<LockHolder>): void {
  const holder: LockHolder = {
    owner: "ada",
    host: hostname(),
    pid: process.pid,
    since: "2026-01-02T03:04:05.678Z",
    ...more,
  };
  writeFileSync(lock, JSON.stringify(holder));
}

/** A process id that is never in use: the largest on Linux is 4194304. */
const noProcess = 2 ** 31 - 1;

describe("apply", () => {
  test("fails with 3 while another run holds the lock, names the holder and gives advice", async () => {
    const release = await hold();
    const { pid, since, host } = JSON.parse(readFileSync(lock, "utf8")) as LockHolder;
    expect([pid, host]).toEqual([process.pid, hostname()]);
    const { status, stdout, stderr } = await apply("--quiet");
    expect([status, stdout]).toEqual([3, ""]);
    for (const part of [
      host,
      `process ${pid}, since ${since}`,
      "--lock-timeout",
      "unlock --state",
    ]) {
      expect(stderr).toContain(part);
    }
    const json = await apply("--json");
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: { code: "locked", holder: { pid, host, since } },
    });
    await release();
    expect((await apply()).status).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  test("reports that it waits for the lock, and continues when the lock is free", async () => {
    const release = await hold();
    let progress = "";
    const run = zitadel(["apply", file, "--yes", "--lock-timeout", "20"], {
      isTerminal: true,
      onStderr(text) {
        progress += text;
        if (text.includes("waiting for the lock, 20 s left")) {
          void release();
        }
      },
    });
    expect((await run).status).toBe(0);
    expect(progress).toContain(`waiting: the state file is locked by`);
  });

  test.each(["-1", "x", "", "86401"])("rejects --lock-timeout %j", async (seconds) => {
    const { status, stderr } = await apply("--lock-timeout", seconds);
    expect([status, stderr]).toEqual([1, expect.stringContaining("from 0 to 86400")]);
  });

  test("ends a wait on Ctrl+C, and leaves the lock to its holder", async () => {
    const release = await hold();
    const before = readFileSync(lock, "utf8");
    const interruption = new AbortController();
    const { status } = await zitadel(["apply", file, "--yes", "--lock-timeout", "60"], {
      signal: interruption.signal,
      onStderr: () => interruption.abort(new Error("interrupted")),
    });
    expect([status, readFileSync(lock, "utf8")]).toEqual([130, before]);
    await release();
  });

  test("releases the lock after a failure and after a missing confirmation", async () => {
    emulator.inject({ rpc: "AddGoogleProvider", fault: { type: "status", code: 7 } });
    expect((await apply()).status).toBe(1);
    expect(existsSync(lock)).toBe(false);
    expect((await zitadel(["apply", file])).stderr).toContain("needs a terminal");
    expect(existsSync(lock)).toBe(false);
  });

  test.each([
    ["an ended process", { pid: noProcess }],
    ["an earlier process with the same id", { started: "1" }],
  ])("takes over the lock of %s of this machine", async (_, holder) => {
    leave(holder);
    const { status, stderr } = await apply();
    expect([status, existsSync(lock)]).toEqual([0, false]);
    expect(stderr).toContain("took over the lock of ada on");
  });

  test.each([
    ["another machine", () => leave({ host: "elsewhere", pid: noProcess }), "ada on elsewhere"],
    ["another container", () => leave({ space: "1", pid: noProcess }), "ada on"],
    ["an unknown process", () => writeFileSync(lock, ""), "an unknown process"],
    ["an invalid lock file", () => writeFileSync(lock, '{"pid":-1}'), "an unknown process"],
    ["a folder", () => mkdirSync(lock), "an unknown process"],
  ])("does not take over the lock of %s", async (_, prepare, text) => {
    prepare();
    const { status, stderr } = await apply();
    expect([status, existsSync(lock)]).toEqual([3, true]);
    expect(stderr).toContain(text);
  });

  test("has one lock for a file and the links to it", async () => {
    writeFileSync(state, '{"version":1,"providers":{},"pending":[]}');
    const other = join(folder, "link.json");
    symlinkSync(state, other);
    const release = await hold();
    expect((await apply("--state", other)).status).toBe(3);
    await release();
  });

  test.each([
    ["missing", () => join(folder, "nowhere", "x.json"), "its folder does not exist"],
    ["a file", () => join(file, "x.json"), "its folder does not exist"],
  ])("reports that the folder of the state file is %s", async (_, path, text) => {
    const { status, stderr } = await apply("--state", path());
    expect(status).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`cannot lock the state file .*: ${text}. .*--state.*--no-state`),
    );
  });

  test("reports that the folder of the state file is not writable", async () => {
    chmodSync(folder, 0o555);
    // File permissions do not apply to root, so run as another user.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      process.seteuid?.(65_534);
    }
    const { status, stderr } = await apply().finally(() => {
      if (isRoot) {
        process.seteuid?.(0);
      }
      chmodSync(folder, 0o755);
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("its folder is not writable")]);
  });

  test("needs no lock without a state file", async () => {
    const release = await hold();
    expect((await apply("--no-state")).status).toBe(0);
    await release();
  });
});

test("only one of many waiting runs takes over the lock of an ended process", async () => {
  leave({ pid: noProcess });
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const release = await hold(20_000);
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      await release();
    }),
  );
  expect([most, existsSync(lock)]).toEqual([1, false]);
});

test("processes never hold the lock at the same time, even if some die while they hold it", async () => {
  const worker = join(folder, "lock-holder.mjs");
  await build({
    entryPoints: ["test/support/lock-holder.ts"],
    outfile: worker,
    bundle: true,
    platform: "node",
    format: "esm",
  });
  leave({ pid: noProcess });
  const runs = [-1, -1, 1, 3].map((diesAt) =>
    waitForExit(start(worker, [state, "5", String(diesAt)])),
  );
  const outcomes = await Promise.all(runs);
  expect(outcomes.map(({ status }) => status)).toEqual([0, 0, null, null]);
  expect(outcomes.map(({ stdout }) => stdout).join("")).toContain("took over");
});

describe("unlock", () => {
  test("shows the holder, asks, and removes the lock", async () => {
    leave({ host: "elsewhere" });
    expect((await zitadel(["unlock", file])).stderr).toContain("needs a terminal");
    const no = await zitadel(["unlock", file], { isTerminal: true, stdin: "n\n" });
    expect([no.status, existsSync(lock)]).toEqual([1, true]);
    expect(no.stderr).toContain("locked by ada on elsewhere, process");
    const yes = await zitadel(["unlock", "--state", state], { isTerminal: true, stdin: "y\n" });
    expect([yes.status, existsSync(lock)]).toEqual([0, false]);
    const again = await zitadel(["unlock", file, "--json"]);
    expect([again.status, JSON.parse(again.stdout)]).toEqual([0, { unlocked: false }]);
  });

  test("needs --force for the lock of a running process, which then does not remove the lock of another run", async () => {
    const release = await hold();
    const rejected = await zitadel(["unlock", file, "--yes"]);
    expect([rejected.status, existsSync(lock)]).toEqual([1, true]);
    expect(rejected.stderr).toMatch(/still running. End that process first, or pass --force/);
    const forced = await zitadel(["unlock", file, "--yes", "--force", "--json"]);
    expect(JSON.parse(forced.stdout)).toMatchObject({
      unlocked: true,
      holder: { pid: process.pid },
    });
    // Meanwhile another run takes the lock.
    leave({ host: "elsewhere" });
    await release();
    expect(existsSync(lock)).toBe(true);
  });

  test.each(["", "{", '{"host":"x"}'])("removes the damaged lock %j", async (text) => {
    writeFileSync(lock, text);
    expect((await zitadel(["unlock", file, "--yes"])).status).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  test("does not repeat a secret that was passed as a path", async () => {
    const content = '{"type":"serviceaccount","key":"planted"}';
    for (const args of [["apply", file, "--yes"], ["unlock"]]) {
      const { status, stdout, stderr } = await zitadel([...args, "--state", content]);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain("--state contains the content of a file");
      expect(stderr).not.toContain("planted");
    }
    const folderLock = await zitadel(["unlock", "--state", join(folder, "nowhere", "x")]);
    expect(folderLock.stderr).toContain("its folder does not exist");
  });

  test("does not remove a folder at the path of the lock", async () => {
    mkdirSync(lock);
    const { status, stderr } = await zitadel(["unlock", file, "--yes"]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/cannot remove the lock .*: it is a folder/),
    ]);
  });

  test("fails without a file and --state", async () => {
    expect((await zitadel(["unlock"])).stderr).toContain("its state file with --state");
  });
});

describe("real processes", () => {
  // The entry point of the published package in Node.js.
  const program = "dist/node/cli/main.js";
  const begin = (...args: string[]) =>
    start(program, ["apply", file, "--yes", ...args], {
      ZITADEL_URL: listener.url,
      ZITADEL_TOKEN: emulator.token,
      SECRET: "s",
    });
  const providers = async (): Promise<number> =>
    (JSON.parse((await zitadel(["list", "--json"])).stdout) as unknown[]).length;

  test("add once with a common state file: runs without a wait fail, and a waiting run has nothing to do", async () => {
    const [first, ...others] = [begin(), begin(), begin("--lock-timeout", "30")].map(waitForExit);
    const outcomes = await Promise.all([first, ...others]);
    expect(await providers()).toBe(1);
    expect(outcomes.map((each) => each?.status).every((each) => each === 0 || each === 3)).toBe(
      true,
    );
    expect(outcomes.at(-1)?.status).toBe(0);
    expect(existsSync(lock)).toBe(false);
  });

  test("report each other's duplicate without a common state file, with the commands that resolve it", async () => {
    emulator.inject({ rpc: "AddGoogleProvider", times: 2, fault: { type: "delay", ms: 700 } });
    const outcomes = await Promise.all([
      waitForExit(begin("--no-state")),
      waitForExit(begin("--no-state")),
    ]);
    expect(await providers()).toBe(2);
    expect(outcomes.map(({ status }) => status)).toContain(1);
    const report = outcomes.find(({ status }) => status === 1)?.stdout ?? "";
    expect(report).toMatch(
      /duplicate: google "Google", organization: this run created \d+, and someone else/,
    );
    const [, id = ""] = /to keep \d+: (zitadel-idp delete \d+)$/m.exec(report) ?? [];
    const planned = await zitadel(["plan", file]);
    expect(planned.stderr).toMatch(
      /there are 2 providers google "Google": \d+ \(created [^)]+\), \d+ \(c/,
    );
    expect((await zitadel([...id.split(" ").slice(1), "--yes"])).status).toBe(0);
    expect((await zitadel(["plan", file])).status).toBe(0);
  });

  /** Starts a run whose provider has been created, and which waits for the delayed response. */
  async function beginAndHang(): Promise<{ child: ChildProcess; end: Promise<ProgramResult> }> {
    emulator.inject({
      rpc: "AddGoogleProvider",
      times: 1,
      fault: { type: "delay", ms: 60_000, when: "after" },
    });
    const child = begin();
    const end = waitForExit(child);
    await vi.waitUntil(async () => (await providers()) === 1, { timeout: 20_000 });
    return { child, end };
  }

  test("leave a lock after SIGKILL, which the next run takes over", async () => {
    const { child, end } = await beginAndHang();
    child.kill("SIGKILL");
    await end;
    expect(existsSync(lock)).toBe(true);
    const next = await apply();
    expect([next.status, existsSync(lock)]).toEqual([0, false]);
    expect(next.stderr).toContain("took over the lock");
    expect(await providers()).toBe(1);
  });

  test("end on SIGINT while they wait, and release the lock on SIGTERM", async () => {
    const { child, end } = await beginAndHang();
    const waiting = begin("--lock-timeout", "60");
    const waited = waitForExit(waiting);
    waiting.stderr?.on("data", (text: Buffer) => {
      if (text.includes(`waiting: the state file is locked by`)) {
        waiting.kill("SIGINT");
      }
    });
    expect((await waited).status).toBe(130);
    expect((JSON.parse(readFileSync(lock, "utf8")) as LockHolder).pid).toBe(child.pid);
    child.kill("SIGTERM");
    expect((await end).status).toBe(143);
    expect(existsSync(lock)).toBe(false);
  });
});
