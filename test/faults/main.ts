import { parseArgs } from "node:util";
import { runCampaign } from "./campaign.js";
import { formatSummary, countViolations } from "./summary.js";

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    workers: { type: "string", default: "8" },
    json: { type: "boolean", default: false },
  },
});
const number = (name: "operations" | "seed" | "workers"): number => {
  const value = Number(values[name]);
  if (!(Number.isInteger(value) && value > 0)) {
    throw new TypeError(`--${name} must be a positive integer`);
  }
  return value;
};

let printedMs = performance.now();
const summary = await runCampaign({
  seed: number("seed"),
  operations: number("operations"),
  workersPerWire: number("workers"),
  onProgress(done, of) {
    if (performance.now() - printedMs > 2000 || done === of) {
      printedMs = performance.now();
      process.stderr.write(`${done} of ${of} operations\n`);
    }
  },
});
console.log(values.json ? JSON.stringify(summary, undefined, 2) : formatSummary(summary));
process.exitCode = countViolations(summary) === 0 ? 0 : 1;
