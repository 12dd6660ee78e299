// `npm run conformance`: Connect's own conformance suite against the gRPC and gRPC-web transports.
import { parseArgs } from "node:util";
import { hasGo, install, isInstalled, runSuite, wires } from "./suite.js";

const { values } = parseArgs({
  options: {
    // Runs one of the protocols only.
    wire: { type: "string" },
    // Does nothing and succeeds if there is no Go to install the suite with.
    "if-go": { type: "boolean", default: false },
    // Runs only cases whose names match, e.g. "Timeouts/**".
    run: { type: "string", multiple: true, default: [] },
    // Shows the traffic of a failed case.
    trace: { type: "boolean", default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const chosen = wires.filter((wire) => values.wire === undefined || wire === values.wire);
  if (chosen.length === 0) {
    throw new TypeError(`--wire must be one of: ${wires.join(", ")}`);
  }
  if (!isInstalled()) {
    if (!hasGo()) {
      console.log(
        values["if-go"]
          ? "conformance: not run, Go is not installed"
          : "conformance: cannot run, because Go is not installed, which the suite is built with",
      );
      return values["if-go"] ? 0 : 1;
    }
    console.log("conformance: installing the suite, once …");
    install();
  }
  const options = [
    ...values.run.flatMap((pattern) => ["--run", pattern]),
    ...(values.trace ? ["--trace"] : []),
  ];
  const lines: string[] = [];
  let failures = 0;
  for (const wire of chosen) {
    console.log(`conformance: ${wire}`);
    const { passed, failed, knownFailures } = await runSuite(wire, options);
    lines.push(`${wire}: ${passed} passed, ${failed} failed, ${knownFailures} known failures`);
    failures += failed;
  }
  console.log(lines.join("\n"));
  return failures === 0 ? 0 : 1;
}
