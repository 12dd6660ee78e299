import { parseArgs } from "node:util";
import { parseChoice, parseInteger, parsePositive } from "./command-line.mjs";

export const help = `npm run soak -- OPTIONS

  --calls N         default 1000000
  --protocol NAME   grpc (default), grpc-web or json
  --in-flight N     default 64
  --server NAME     raw (default), which sends encoded responses, or emulator, the emulator of this package
  --bound MB        limit for the growth of the heap from the first tenth to the last (default 2)
  --help`;

/** Parses the arguments. Throws a TypeError that describes the first invalid argument. */
export function readSoakOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      calls: { type: "string", default: "1000000" },
      protocol: { type: "string", default: "grpc" },
      "in-flight": { type: "string", default: "64" },
      server: { type: "string", default: "raw" },
      bound: { type: "string", default: "2" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    help: values.help,
    calls: parseInteger("calls", values.calls),
    protocol: parseChoice("protocol", values.protocol, ["grpc", "grpc-web", "json"]),
    inFlight: parseInteger("in-flight", values["in-flight"]),
    serverName: parseChoice("server", values.server, ["raw", "emulator"]),
    boundMb: parsePositive("bound", values.bound),
  };
}
