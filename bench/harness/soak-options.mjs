import { parseArgs } from "node:util";
import { oneOf, positive, wholeNumber } from "./command-line.mjs";

export const help = `npm run soak -- OPTIONS

  --calls N         default 1000000
  --protocol NAME   grpc (default), grpc-web or json
  --in-flight N     default 64
  --server NAME     raw (default): it answers from bytes; emulator: the emulator of this package
  --bound MB        how much the heap may grow between the first tenth and the last (default 2)
  --help`;

/** Throws a TypeError that describes the first invalid argument. */
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
    calls: wholeNumber("calls", values.calls),
    protocol: oneOf("protocol", values.protocol, ["grpc", "grpc-web", "json"]),
    inFlight: wholeNumber("in-flight", values["in-flight"]),
    serverName: oneOf("server", values.server, ["raw", "emulator"]),
    boundMb: positive("bound", values.bound),
  };
}
