// Formats all tables as one Markdown document.
import { readFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { targetTable, title as targetsTitle } from "../sections/targets.mjs";
import { pinning } from "./cores.mjs";
import { bench } from "./install.mjs";
import { secondsSinceStart, warningTexts } from "./progress.mjs";

/** Builds the report. `results` holds the result of each section by name, `titles` the titles of the sections. */
export async function report(results, titles, options) {
  const parts = [
    "# Benchmarks",
    about(options),
    "Versions:",
    versions(),
    `## ${targetsTitle}`,
    targetTable(results),
    ...Object.entries(results).flatMap(([name, { text }]) => [`## ${titles[name]}`, ...text]),
  ];
  const filepath = join(bench, "results.md");
  const config = await resolveConfig(filepath);
  return await format(parts.join("\n\n"), { ...config, filepath });
}

export function machine() {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: type(),
    node: process.version,
    v8: process.versions.v8,
    undiciOfFetch: process.versions.undici,
  };
}

function about({ run, seed }) {
  const args = process.argv.slice(2);
  const { date, cpu, cores, memoryGb, system, node, v8, undiciOfFetch } = machine();
  const command = ["npm run bench", ...(args.length === 0 ? [] : ["--", ...args])].join(" ");
  const notes = warningTexts()
    .map((text) => `\n- ${text}`)
    .join("");
  return `Made by \`${command}\` on ${date}, in ${secondsSinceStart().toFixed(0)} seconds.

- Machine: ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}; ${pinning}.
- Node.js ${node}, V8 ${v8}; its fetch is undici ${undiciOfFetch}.
- Each client is a process of its own that is warmed up and then measured for ${run.sliceMs} ms in each of ${run.rounds} rounds, in an
  order that changes with each round (seed ${seed}). The server is another process, which sends bytes that were encoded before.
- Figures are medians of the rounds. "±" is half the range of the middle half of them. A ratio is the median of the ratios
  within the rounds, so it may differ a little from the ratio of two medians. CPU is user and system time of the client's
  whole process. GC is the share of time that calls waited for it. Where the server is busy to the full, it is what limits.${notes}`;
}

function versions() {
  const { dependencies } = read("package.json");
  const own = read("node_modules/zitadel-idp/package.json").version;
  const installed = Object.keys(dependencies).map(
    (name) => `- ${name} ${read(`node_modules/${name}/package.json`).version}`,
  );
  return [`- zitadel-idp ${own}`, ...installed].join("\n");
}

function read(file) {
  return JSON.parse(readFileSync(join(bench, file), "utf8"));
}
