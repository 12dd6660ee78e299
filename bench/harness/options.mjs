import { parseArgs } from "node:util";
import { oneOf, positive, wholeNumber } from "./command-line.mjs";
import { randomFrom } from "./stats.mjs";

export const sections = ["grpc", "json", "grpc-web", "growth", "size", "cold"];

export const help = `npm run bench -- OPTIONS

  --only LIST    some of ${sections.join(",")}
  --quick        about a minute instead of seven; the figures are rough
  --rounds N     how often each client is measured for each task (default 13, with --quick 3)
  --warm-up S    seconds that each client has at most to warm up for each call (default 3, with --quick 0.6)
  --seed N       of the order of the clients (default 1)
  --json FILE    writes all samples too
  --out FILE     where the tables go as Markdown (default bench/results.md; nowhere with --only or --quick)
  --help`;

/** Throws a TypeError that describes the first invalid argument. */
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
  const only = (values.only?.split(",") ?? sections).map((name) => oneOf("only", name, sections));
  const isPartial = quick || values.only !== undefined;
  const seed = wholeNumber("seed", values.seed);
  return {
    help: wantsHelp,
    only,
    json: values.json,
    out: values.out ?? (isPartial ? undefined : new URL("../results.md", import.meta.url)),
    seed,
    quick,
    run: {
      rounds: wholeNumber("rounds", values.rounds ?? (quick ? "3" : "13")),
      sliceMs: quick ? 80 : 200,
      warmUpCalls: quick ? 2000 : 8000,
      warmUpMs: 1000 * positive("warm-up", values["warm-up"] ?? (quick ? "0.6" : "3")),
      coldRuns: quick ? 3 : 21,
      random: randomFrom(seed),
    },
  };
}
