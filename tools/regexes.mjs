// `npm run regexes`: measures every regular expression in the sources at 64 KB, with inputs designed to be slow for it, and
// writes docs/regular-expressions.md. Fails if an expression takes longer than 20 ms, because it is then not linear. `-- FILE…`
// measures only the expressions of these files.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { regexesIn } from "./regexes-in.mjs";

/** The maximum time for one input, and the time after which a measurement is aborted, in milliseconds. */
const limitMs = 20;
const abortAfterMs = 10_000;

/** The source of the texts that the expressions of a file read. The first matching folder or file counts. */
const origins = [
  ["src/auth/", "token endpoints, key files, tokens"],
  ["src/cli/", "arguments, environment, files"],
  ["src/doctor/", "fields of providers, responses of their servers"],
  ["src/emulator/", "requests to the emulator"],
  ["src/forms/", "names of fields, errors of the server"],
  ["src/formats/", "certificates, keys and SAML metadata"],
  ["src/lint/", "fields of providers, from files and servers"],
  ["src/otel/", "options, names of RPCs"],
  ["src/whoami/", "responses of ZITADEL"],
  ["src/options/", "options"],
  ["src/utils/read-headers.ts", "header names"],
  ["src/call/", "options of calls, headers of responses, errors of layers below"],
  ["src/hints/", "responses and errors of servers and of layers below"],
  ["src/policy/", "responses and errors of servers and of layers below"],
  ["src/utils/printable.ts", "all that is shown in a terminal"],
  ["src/utils/is-loopback.ts", "host names"],
  ["src/utils/", "files, requests and responses as text"],
  ["src/providers/", "requests and files, responses of servers"],
  ["src/redact/", "secrets, and texts of errors after the cut"],
  ["src/rest/", "responses of servers, requests to the emulator"],
  ["src/transport/", "responses of servers, errors of layers below"],
];

/** The document that contains the table, and the text before the table. */
export const document = "docs/regular-expressions.md";
const intro = `# Regular expressions

Every regular expression of the package, with the longest time that a search of 64 KB took, in milliseconds. The inputs are made
for each expression: texts that match, repetitions of its parts, alone and in pairs, and ends that do not match. A linear
expression takes a millisecond or two. An expression of quadratic cost takes seconds, and a server that knows the expression could
block the event loop with it. \`npm run regexes\` measures again and writes this file. It fails above ${limitMs} ms, and a test fails when an
expression is not in the list.

`;

/** Returns the document with a time for each expression. The time of an aborted measurement is undefined. */
function formatDocument(measured) {
  const groups = new Map();
  for (const each of measured) {
    groups.set(each.path, [...(groups.get(each.path) ?? []), each]);
  }
  const lines = [...groups].flatMap(([path, regexes]) => [
    `${path} (${originOf(path)})`,
    ...regexes.map(({ worstMs, text }) => `${formatMs(worstMs)}  ${text}`),
  ]);
  return `${intro}\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`;
}

/** Parses a document. Returns the times by `file expression`. */
export function readDocument(text) {
  const found = new Map();
  let path = "";
  for (const line of text.split("\n")) {
    path = /^(src\/\S+) \(/.exec(line)?.[1] ?? path;
    const [, ms, regex] = /^ *([\d.]+|over \d+) {2}(\/.*)$/.exec(line) ?? [];
    if (regex !== undefined) {
      found.set(`${path} ${regex}`, Number(ms));
    }
  }
  return found;
}

/** Returns the source of the texts that a file reads. Throws if the list has no entry for the file. */
export function originOf(path) {
  const origin = origins.find(([start]) => path.startsWith(start))?.[1];
  if (origin === undefined) {
    throw new Error(
      `${path} has a regular expression: say in tools/regexes.mjs whose texts it sees`,
    );
  }
  return origin;
}

function formatMs(worstMs) {
  return worstMs === undefined ? `over ${abortAfterMs}` : worstMs.toFixed(1).padStart(5);
}

function measure(regex) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("regex-timer.mjs", import.meta.url), { workerData: regex });
    let timer;
    const finish = (worstMs) => {
      clearTimeout(timer);
      void worker.terminate();
      resolve({ ...regex, worstMs });
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(undefined), abortAfterMs);
    };
    worker.on("message", ({ worstMs, isDone }) => (isDone ? finish(worstMs) : wait()));
    worker.once("error", reject);
    wait();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = process.argv.slice(2);
  const regexes = regexesIn().filter(({ path }) => files.length === 0 || files.includes(path));
  const measured = [];
  for (const regex of regexes) {
    const result = regex.isDynamic ? regex : await measure(regex);
    measured.push(result);
    if (!(result.worstMs <= limitMs)) {
      console.error(`${result.path}: ${result.text} takes ${formatMs(result.worstMs).trim()} ms`);
      process.exitCode = 1;
    }
  }
  if (files.length === 0) {
    writeFileSync(new URL(`../${document}`, import.meta.url), formatDocument(measured));
  }
  const worst = measured.reduce((most, { worstMs = Infinity }) => Math.max(most, worstMs), 0);
  console.log(`${measured.length} regular expressions, the slowest ${worst.toFixed(1)} ms`);
}
