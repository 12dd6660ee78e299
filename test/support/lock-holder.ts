// Takes the lock of a state file repeatedly. Tests run several such processes at once. Exits with 1 if another process has the lock too.
import { mkdirSync, rmdirSync } from "node:fs";
import { acquireStateLock } from "../../src/cli/lock/state-lock.js";

const [state = "", rounds, diesAt] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) {
  const release = await acquireStateLock(state, {
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    onWait: () => undefined,
    onTakeOver: () => process.stdout.write("took over\n"),
  });
  mkdirSync(`${state}.inside`);
  await new Promise((resolve) => setImmediate(resolve));
  rmdirSync(`${state}.inside`);
  if (round === Number(diesAt)) {
    process.kill(process.pid, "SIGKILL");
  }
  await release();
}
