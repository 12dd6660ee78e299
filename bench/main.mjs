// `npm run bench`: this client beside its peers. See README.md beside this file.
import { writeFileSync } from "node:fs";
import { readCommandLine } from "./harness/command-line.mjs";
import { install } from "./harness/install.mjs";
import { help, readOptions, sections } from "./harness/options.mjs";
import { logProgress } from "./harness/progress.mjs";
import { describeMachine, formatReport } from "./harness/report.mjs";
import { startServer } from "./harness/rounds.mjs";

const options = readCommandLine(readOptions, help);
install();
const results = {};
const titles = {};
const server = await startServer();
try {
  for (const name of sections.filter((each) => options.only.includes(each))) {
    const section = await import(`./sections/${name}.mjs`);
    titles[name] = section.title;
    results[name] = await section.run({ server, settings: options.settings });
  }
} finally {
  await server.stop();
}

const text = await formatReport(results, titles, options);
process.stdout.write(text);
if (options.out !== undefined) {
  writeFileSync(options.out, text);
}
if (options.json !== undefined) {
  const { seed, settings } = options;
  const samples = { ...describeMachine(), seed, settings, results };
  const isFigure = (key, value) => (key === "text" ? undefined : value);
  writeFileSync(options.json, JSON.stringify(samples, isFigure, 2));
}
logProgress("done");
