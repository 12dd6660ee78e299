// The client that the suite runs. It reads cases from standard input, makes their calls with the transports of this package, and
// writes the results to standard output.
import { call } from "./call.js";
import { frame, readFrames } from "./frames.js";
import { type CompatRequest, type CompatResponse, loadSchemas } from "./messages.js";
import { Transports } from "./transports.js";

// The number of calls that share a connection. With more, the suite's deadlines would test the machine.
const maxInFlight = 8;

const [descriptors = ""] = process.argv.slice(2);
const schemas = loadSchemas(descriptors);
const transports = new Transports();
process.once("SIGTERM", () => process.exit(1));

const inFlight = new Set<Promise<void>>();
for await (const bytes of readFrames(process.stdin)) {
  if (inFlight.size >= maxInFlight) {
    await Promise.race(inFlight);
  }
  const running = answer(schemas.decode(bytes)).finally(() => inFlight.delete(running));
  inFlight.add(running);
}
await Promise.all(inFlight);
transports.close();

async function answer(request: CompatRequest): Promise<void> {
  const result = await outcome(request);
  process.stdout.write(frame(schemas.encode({ testName: request.testName, result })));
}

async function outcome(request: CompatRequest): Promise<CompatResponse["result"]> {
  try {
    return { case: "response", value: await call(request, transports.for(request), schemas) };
  } catch (error) {
    return { case: "error", value: { message: String(error) } };
  }
}
