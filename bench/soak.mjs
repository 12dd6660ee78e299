// `npm run soak`: a million calls through createIdpClient, most successful, some rejected, some cancelled, some past their
// deadline. Fails if memory grows. See README.md beside this file.
import { setTimeout } from "node:timers/promises";
import { Code, createIdpClient, isZitadelError } from "zitadel-idp";
import { checkField, getProvider, missingId, providerName, silentId } from "./requests.mjs";
import { startProcess } from "./harness/start-process.mjs";
import { readCommandLine } from "./harness/command-line.mjs";
import { cores } from "./harness/cores.mjs";
import { formatInteger, formatMegabytes } from "./harness/format.mjs";
import { help, readSoakOptions } from "./harness/soak-options.mjs";

const { calls, protocol, inFlight, serverName, boundMb } = readCommandLine(readSoakOptions, help);
const parts = 10;

const server = startProcess(serverName === "raw" ? "server/main.mjs" : "server/emulator.mjs", {
  core: cores.server,
  name: "server",
});
const { token = "token", ...urls } = await server.request("listen");
const client = createIdpClient({
  baseUrl: protocol === "grpc" ? urls.http2 : urls.http1,
  auth: token,
  protocol,
});
const { management } = client;

// The emulator responds to every call, so a call may succeed before it is cancelled.
const silent = serverName === "raw" ? { id: silentId } : getProvider;
const isEmulator = serverName !== "raw";

/** The calls, in turn, with their share of a thousand calls and the codes that they may end with. */
const mix = [
  { name: "rejected", share: 100, codes: [Code.NotFound], call: () => get({ id: missingId }) },
  {
    name: "cancelled",
    share: 10,
    codes: [Code.Canceled],
    call: cancelLater,
    maySucceed: isEmulator,
  },
  { name: "cancelled at once", share: 10, codes: [Code.Canceled], call: cancelAtOnce },
  {
    name: "too late",
    share: 2,
    codes: [Code.DeadlineExceeded],
    call: () => get(silent, { timeoutMs: 5 }),
    maySucceed: isEmulator,
  },
];
const successful = {
  name: "successful",
  codes: [],
  call: () => get(getProvider),
  maySucceed: true,
};
const outcomes = Object.fromEntries([successful, ...mix].map(({ name }) => [name, 0]));

/** Returns the kind of a call. Spreads the kinds evenly over a thousand calls. */
function chooseCall(number) {
  return mix.find(({ share }, index) => number % (1000 / share) === index) ?? successful;
}

async function get(request, callOptions) {
  const { idp } = await management.getProviderByID(request, callOptions);
  checkField(idp?.name, providerName);
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
  const { name, codes, call, maySucceed = false } = chooseCall(number);
  try {
    await call();
  } catch (error) {
    if (!codes.some((code) => isZitadelError(error, code))) {
      throw error;
    }
    outcomes[name]++;
    return;
  }
  if (!maySucceed) {
    throw new Error(`a call that should be ${name} succeeded`);
  }
  outcomes.successful++;
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

/** Returns the memory after two garbage collections: finalizers keep memory until the second one. */
async function measureMemory() {
  for (let time = 0; time < 2; time++) {
    await setTimeout(20);
    globalThis.gc();
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + arrayBuffers, rss };
}

const samples = [];
console.log(
  `${formatInteger(calls)} calls over ${protocol}, ${inFlight} in flight, server: ${serverName}`,
);
console.log("     calls   heap MB    RSS MB   calls/s");
for (let part = 1; part <= parts; part++) {
  const begin = performance.now();
  const before = number;
  await run(Math.ceil(calls / parts));
  const seconds = (performance.now() - begin) / 1000;
  const sample = await measureMemory();
  samples.push(sample);
  const cells = [formatInteger(number), formatMegabytes(sample.heap), formatMegabytes(sample.rss)];
  cells.push(formatInteger((number - before) / seconds));
  console.log(cells.map((cell) => cell.padStart(10)).join(""));
}
await client.close();
await server.stop();
await setTimeout(100);

console.log(
  Object.entries(outcomes)
    .map(([name, count]) => `${formatInteger(count)} ${name}`)
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
