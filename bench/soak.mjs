// `npm run soak`: a million calls through createIdpClient, most successful, some rejected, some cancelled, some past their
// deadline. Fails if memory grows. See README.md beside this file.
import { setTimeout } from "node:timers/promises";
import { Code, createIdpClient, isZitadelError } from "zitadel-idp";
import { check, getProvider, missingId, providerName, silentId } from "./exchanges.mjs";
import { start } from "./harness/child.mjs";
import { commandLine } from "./harness/command-line.mjs";
import { cores } from "./harness/cores.mjs";
import { megabytes, whole } from "./harness/format.mjs";
import { help, readSoakOptions } from "./harness/soak-options.mjs";

const { calls, protocol, inFlight, serverName, boundMb } = commandLine(readSoakOptions, help);
const parts = 10;

const server = start(serverName === "raw" ? "server/main.mjs" : "server/emulator.mjs", {
  core: cores.server,
  name: "server",
});
const { token = "token", ...urls } = await server.ask("listen");
const client = createIdpClient({
  baseUrl: protocol === "grpc" ? urls.http2 : urls.http1,
  auth: token,
  protocol,
});
const { management } = client;

// The emulator answers every call. Those that should hang are cancelled meanwhile.
const silent = serverName === "raw" ? { id: silentId } : getProvider;
const isRace = serverName !== "raw";

/** The calls, in turn, with their share of a thousand calls and the codes that they may end with. */
const mix = [
  { name: "refused", share: 100, codes: [Code.NotFound], call: () => get({ id: missingId }) },
  { name: "cancelled", share: 10, codes: [Code.Canceled], call: cancelLater, mayAnswer: isRace },
  { name: "cancelled at once", share: 10, codes: [Code.Canceled], call: cancelAtOnce },
  {
    name: "too late",
    share: 2,
    codes: [Code.DeadlineExceeded],
    call: () => get(silent, { timeoutMs: 5 }),
    mayAnswer: isRace,
  },
];
const answered = { name: "answered", codes: [], call: () => get(getProvider), mayAnswer: true };
const outcomes = Object.fromEntries([answered, ...mix].map(({ name }) => [name, 0]));

/** Spreads the kinds of calls evenly over a thousand. */
function kindOf(number) {
  return mix.find(({ share }, index) => number % (1000 / share) === index) ?? answered;
}

async function get(request, callOptions) {
  const { idp } = await management.getProviderByID(request, callOptions);
  check(idp?.name, providerName);
}

async function cancelLater() {
  const controller = new AbortController();
  setImmediate(() => controller.abort());
  await get(silent, { signal: controller.signal });
}

async function cancelAtOnce() {
  const controller = new AbortController();
  const call = get(getProvider, { signal: controller.signal });
  controller.abort();
  await call;
}

async function callOnce(number) {
  const { name, codes, call, mayAnswer = false } = kindOf(number);
  try {
    await call();
  } catch (error) {
    if (!codes.some((code) => isZitadelError(error, code))) {
      throw error;
    }
    outcomes[name]++;
    return;
  }
  if (!mayAnswer) {
    throw new Error(`a call that should be ${name} was answered`);
  }
  outcomes.answered++;
}

let number = 0;
async function run(count) {
  const end = number + count;
  const worker = async () => {
    while (number < end) {
      await callOnce(number++);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

/** Collects twice, after a turn of the event loop: finalizers keep memory until the next collection. */
async function memory() {
  for (let time = 0; time < 2; time++) {
    await setTimeout(20);
    globalThis.gc();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, rss };
}

const samples = [];
console.log(`${whole(calls)} calls over ${protocol}, ${inFlight} in flight, server: ${serverName}`);
console.log("     calls   heap MB    RSS MB   calls/s");
for (let part = 1; part <= parts; part++) {
  const begin = performance.now();
  const before = number;
  await run(Math.ceil(calls / parts));
  const seconds = (performance.now() - begin) / 1000;
  const sample = await memory();
  samples.push(sample);
  const cells = [whole(number), megabytes(sample.heap), megabytes(sample.rss)];
  cells.push(whole((number - before) / seconds));
  console.log(cells.map((cell) => cell.padStart(10)).join(""));
}
await client.close();
await server.stop();
await setTimeout(100);

console.log(
  Object.entries(outcomes)
    .map(([name, count]) => `${whole(count)} ${name}`)
    .join(", "),
);
const handles = process.getActiveResourcesInfo();
console.log(`open handles after close: ${handles.length === 0 ? "none" : handles.join(", ")}`);
const growthMb = (samples.at(-1).heap - samples[0].heap) / 1e6;
const isSmall = growthMb <= boundMb;
console.log(
  `heap growth from the first tenth to the last: ${growthMb.toFixed(2)} MB, ${isSmall ? "ok" : "FAILED"} (bound ${boundMb} MB)`,
);
process.exitCode = isSmall ? 0 : 1;
