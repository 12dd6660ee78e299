// Measures how long programs take from the start of their process to its end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cores, pinToCore } from "./cores.mjs";
import { bench } from "./install.mjs";
import { logProgress } from "./progress.mjs";
import { median, ratio, shuffle, spread } from "./stats.mjs";

/** The name of the program that does nothing. Its time is subtracted from the times of all other programs. */
export const emptyProcess = "an empty process";

/**
 * Runs programs in turn, in a different order in each round. `programs` holds their code by name. The result has the times in
 * milliseconds by name, one for each round, and functions on them.
 */
export async function measureProcesses(title, programs, { processRounds, random }) {
  const all = { [emptyProcess]: "", ...programs };
  const samples = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  // The first round fills the disk caches.
  for (let round = 0; round <= processRounds; round++) {
    logProgress(`${title}: round ${round} of ${processRounds}`);
    for (const [name, code] of shuffle(Object.entries(all), random)) {
      const ms = await timeProcess(name, code);
      if (round > 0) {
        samples[name].push(ms);
      }
    }
  }
  const aboveEmpty = (name) => samples[name].map((ms, round) => ms - samples[emptyProcess][round]);
  return {
    samples,
    medianMs: (name) => median(samples[name]),
    spread: (name) => spread(samples[name]),
    /** Returns the median of the times above the time of an empty process. */
    medianMsAboveEmpty: (name) => median(aboveEmpty(name)),
    /** Returns the ratio of two programs' times above the time of an empty process. */
    ratioAboveEmpty: (name, other) => ratio(aboveEmpty(name), aboveEmpty(other)),
  };
}

async function timeProcess(name, code) {
  const [command, ...args] = pinToCore(cores.client, [
    process.execPath,
    "--input-type=module",
    "--eval",
    code,
  ]);
  const start = performance.now();
  // Runs in bench/, where the package names are resolved.
  const child = spawn(command, args, { cwd: bench, stdio: ["ignore", "ignore", "inherit"] });
  const [status] = await once(child, "exit");
  if (status !== 0) {
    throw new Error(`${name}: the process ended with ${status}`);
  }
  return performance.now() - start;
}
