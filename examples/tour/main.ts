/**
 * `npm start`: a tour of the IDP operations over all three wire protocols, on the embedded emulator or, with --url and --token,
 * on a real ZITADEL. Exits with 1 if an operation fails or the wire protocols do not agree.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { createIdpClient, type Protocol } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { attempt, type Outcome } from "./compare.js";
import { cleanUp, operations, type Tour } from "./operations.js";

const usage = `Usage: npm start -- [--url URL --token TOKEN] [--org ID] [--insecure] [--json]

  --url URL       a real ZITADEL instance, e.g. https://acme.zitadel.cloud; without it, the embedded emulator
  --token TOKEN   a token of an IAM_OWNER there; or the environment variable ZITADEL_TOKEN
  --org ID        the organization to work in; by default the token's own
  --insecure      lets the token go over plain http: to another machine
  --json          prints the result as JSON
`;

const wires: readonly Protocol[] = ["grpc", "grpc-web", "json"];

interface Target {
  readonly what: string;
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      token: { type: "string" },
      org: { type: "string" },
      insecure: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const target = await openTarget(values.url, values.token ?? process.env["ZITADEL_TOKEN"]);
  const run = randomBytes(3).toString("hex");
  const outcomes = new Map<Protocol, Outcome[]>();
  const left: string[] = [];
  let interrupted = false;
  process.once("SIGINT", () => {
    // The current operation finishes first, and then the tour removes what it created.
    interrupted = true;
  });
  try {
    if (!values.json) {
      process.stdout.write(`Tour of the IDP operations on ${target.what} at ${target.url}\n`);
      process.stdout.write(
        `What it makes is named "zitadel-idp tour ${run} …" and removed at the end.\n\n`,
      );
    }
    for (const protocol of wires) {
      const client = createIdpClient({
        baseUrl: target.url,
        auth: target.token,
        orgId: values.org,
        protocol,
        timeoutMs: 20_000,
        allowInsecureAuth: values.insecure,
      });
      const tour: Tour = { client, label: `zitadel-idp tour ${run} ${protocol}`, ids: {} };
      try {
        const row: Outcome[] = [];
        for (const operation of operations) {
          if (interrupted) {
            throw new Error("interrupted");
          }
          row.push(await attempt(operation, tour));
        }
        outcomes.set(protocol, row);
      } finally {
        left.push(...(await cleanUp(tour)));
        await client.close();
      }
    }
  } finally {
    await target.close();
    process.stderr.write(left.map((line) => `${line}\n`).join(""));
  }
  const problems = [...findProblems(outcomes), ...left];
  process.stdout.write(
    values.json ? report(outcomes, problems) : table(outcomes) + summary(problems),
  );
  return problems.length === 0 ? 0 : 1;
}

async function openTarget(url: string | undefined, token: string | undefined): Promise<Target> {
  if (url === undefined) {
    const emulator = createEmulator();
    const listener = await emulator.listen();
    return {
      what: "the embedded emulator",
      url: listener.url,
      token: emulator.token,
      close: emulator.close,
    };
  }
  if (!token) {
    throw new Error(
      "--url needs a token: --token TOKEN, or the environment variable ZITADEL_TOKEN",
    );
  }
  return { what: "ZITADEL", url, token, close: async () => undefined };
}

/** Returns the problems: operations with an unexpected outcome, and operations whose wire protocols differ. */
function findProblems(outcomes: ReadonlyMap<Protocol, readonly Outcome[]>): string[] {
  const problems: string[] = [];
  for (const [index, operation] of operations.entries()) {
    const each = [...outcomes].map(([wire, row]) => ({ wire, outcome: row[index] }));
    for (const { wire, outcome } of each) {
      if (outcome?.expected !== true) {
        problems.push(
          `${operation.name} over ${wire}: ${outcome?.result}\n    ${outcome?.content}`,
        );
      }
    }
    if (new Set(each.map(({ outcome }) => outcome?.content)).size > 1) {
      const lines = each.map(({ wire, outcome }) => `    ${wire.padEnd(8)} ${outcome?.content}`);
      problems.push(`${operation.name}: the wires differ\n${lines.join("\n")}`);
    }
  }
  return problems;
}

function table(outcomes: ReadonlyMap<Protocol, readonly Outcome[]>): string {
  const cell = (outcome: Outcome | undefined): string =>
    outcome === undefined
      ? ""
      : `${outcome.result.padEnd(22)} ${outcome.ms.toFixed(1).padStart(6)} ms`;
  const rows = [
    ["operation", ...wires],
    ...operations.map(({ name }, index) => [
      name,
      ...wires.map((wire) => cell(outcomes.get(wire)?.[index])),
    ]),
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => "─".repeat(width)).join("  "));
  return `${lines.join("\n")}\n\n`;
}

function summary(problems: readonly string[]): string {
  return problems.length === 0
    ? `${operations.length} operations, each over ${wires.join(", ")}: all went as they should, and the three wires agree.\n`
    : `${problems.length} problems:\n\n${problems.map((problem) => `  ${problem}\n`).join("\n")}`;
}

function report(
  outcomes: ReadonlyMap<Protocol, readonly Outcome[]>,
  problems: readonly string[],
): string {
  const results = operations.map(({ name }, index) => ({
    operation: name,
    ...Object.fromEntries(
      wires.map((wire) => [
        wire,
        { result: outcomes.get(wire)?.[index]?.result, ms: outcomes.get(wire)?.[index]?.ms },
      ]),
    ),
  }));
  return `${JSON.stringify({ agree: problems.length === 0, operations: results, problems }, null, 2)}\n`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
