// Runs a bundle for React Native in Hermes: node hermes.mjs BUNDLE SETUP. Prints the report of the driver. Hermes has no network and
// no timers of its own: the native modules of environment.js print what to do, and this program does it with those of Node.js. It
// answers on the standard input of Hermes, which evaluates each line.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const [bundle, setup] = process.argv.slice(2);
const program = fileURLToPath(
  new URL("node_modules/hermes-engine-cli/linux64-bin/hermes", import.meta.url),
);
const hermes = spawn(program, ["-Xmicrotask-queue", "-w", "-prompt=", "-prompt2="]);
const evaluate = (source) => hermes.stdin.write(`${source};void 0\n`);
const call = (name, ...args) =>
  evaluate(`host.${name}(${args.map((each) => JSON.stringify(each)).join()})`);

const blobs = new Map();
const requests = new Map();
const timers = new Map();

/** The work of the native modules. Like the real ones, this network follows redirects. */
const natives = {
  request({ id, method, url, headers, data, responseType }) {
    const body = data.base64 === undefined ? data.string : Buffer.from(data.base64, "base64");
    const sent = request(url, { method, headers: Object.fromEntries(headers) }, (response) => {
      const { location } = response.headers;
      if (response.statusCode === 302 && location !== undefined) {
        const to = new URL(location, url).href;
        response.resume();
        natives.request({ id, method: "GET", url: to, headers, data: {}, responseType });
        return;
      }
      receive(id, url, response, responseType).then(
        () => call("emit", "didCompleteNetworkResponse", id, null, false),
        (error) => call("emit", "didCompleteNetworkResponse", id, String(error), false),
      );
    });
    sent.on("error", (error) =>
      call("emit", "didCompleteNetworkResponse", id, String(error), false),
    );
    requests.set(id, sent);
    sent.end(body);
  },
  abort: ({ id }) => requests.get(id)?.destroy(),
  createBlob: ({ id, parts }) => blobs.set(id, Buffer.from(parts.map(({ data }) => data).join(""))),
  releaseBlob: ({ id }) => blobs.delete(id),
  readBlob: ({ id, reply }) =>
    call("reply", reply, `data:;base64,${blobs.get(id).toString("base64")}`),
  startTimer: ({ id, ms }) =>
    timers.set(
      id,
      setTimeout(() => call("fire", id), ms),
    ),
  stopTimer: ({ id }) => clearTimeout(timers.get(id)),
  report({ report }) {
    console.log(JSON.stringify(report));
    process.exit(0);
  },
  failed({ text }) {
    console.error(text);
    process.exit(1);
  },
};

/** Passes a response on: its head, then its whole body. */
async function receive(id, url, response, responseType) {
  const chunks = [];
  for await (const chunk of response) {
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  call(
    "emit",
    "didReceiveNetworkResponse",
    id,
    response.statusCode,
    Object.fromEntries(headers),
    url,
  );
  if (responseType !== "blob") {
    throw new Error(`the response type is ${responseType}, not blob`);
  }
  const blobId = `response-${id}`;
  blobs.set(blobId, body);
  call("emit", "didReceiveNetworkData", id, { blobId, offset: 0, size: body.length });
}

process.on("exit", () => hermes.kill());
hermes.on("exit", (status) => natives.failed({ text: `Hermes ended with ${status}` }));
hermes.stderr.pipe(process.stderr);
createInterface(hermes.stdout).on("line", (line) => {
  const [, message] = /(\{"type":.*)/.exec(line) ?? [];
  if (message !== undefined) {
    const { type, ...rest } = JSON.parse(message);
    natives[type](rest);
  } else if (line.startsWith("Uncaught")) {
    natives.failed({ text: line });
  }
});
evaluate(`(0, eval)(${JSON.stringify(await readFile(bundle, "utf8"))})`);
call("drive", JSON.parse(setup));
