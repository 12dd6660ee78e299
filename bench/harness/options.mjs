import { parseArgs } from "node:util";
import { parseChoice, parseInteger, parsePositive } from "./command-line.mjs";
import { createRandom } from "./stats.mjs";

/** The names of the sections, in the order of the report. */
export const sections = [
  "grpc",
  "json",
  "grpc-web",
  "growth",
  "observers",
  "doctor",
  "size",
  "cold",
  "first-call",
];

export const help = `npm run bench -- OPTIONS

  --only LIST    some of ${sections.join(",")}
  --quick        about a minute instead of nine; the figures are rough
  --rounds N     number of measurements of each client for each task (default 13, with --quick 3)
  --warm-up S    maximum seconds for each client to warm up for each call (default 3, with --quick 0.6)
  --seed N       seed for the order of the clients (default 1)
  --json FILE    file for all samples
  --out FILE     file for the tables in Markdown (default bench/results.md; none with --only or --quick)
  --help`;

/** Parses the arguments. Throws a TypeError that describes the first invalid argument. */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      "warm-up": { type: "string" },
      seed: { type: "string", default: "1" },
      json: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const { quick, help: wantsHelp } = values;
  const only = (values.only?.split(",") ?? sections).map((name) =>
    parseChoice("only", name, sections),
  );
  const isPartial = quick || values.only !== undefined;
  const seed = parseInteger("seed", values.seed);
  return {
    help: wantsHelp,
    only,
    json: values.json,
    out: values.out ?? (isPartial ? undefined : new URL("../results.md", import.meta.url)),
    seed,
    quick,
    settings: {
      rounds: parseInteger("rounds", values.rounds ?? (quick ? "3" : "13")),
      sliceMs: quick ? 80 : 200,
      warmUpCalls: quick ? 2000 : 8000,
      warmUpMs: 1000 * parsePositive("warm-up", values["warm-up"] ?? (quick ? "0.6" : "3")),
      processRounds: quick ? 3 : 21,
      random: createRandom(seed),
    },
  };
}
