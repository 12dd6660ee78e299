/**
 * `npm start`: a tour of the IDP operations over all three wire protocols, on the embedded emulator or, with --url and --token,
 * on a real ZITADEL. Exits with 1 if an operation fails or the wire protocols do not agree.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { createIdpClient, type IdpClient, type Protocol } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { runChecks, type TourChecks } from "./checks.js";
import { type OperationResult, runOperation } from "./compare.js";
import { cleanUp, operations, type Tour } from "./operations.js";

const usage = `Usage: npm start -- [--url URL --token TOKEN] [--instance-host HOST] [--org ID] [--insecure] [--json]

  --url URL             a real ZITADEL instance, e.g. https://acme.zitadel.cloud (default: the embedded emulator)
  --token TOKEN         the token of an IAM_OWNER of that instance (default: the environment variable ZITADEL_TOKEN)
  --instance-host HOST  the host name of the instance if --url has another one, e.g. http://zitadel:8080 in Docker
  --org ID              the organization to work in (default: the organization of the token's user)
  --insecure            allows the token over plain http: to another machine
  --json                prints the result as JSON
`;

const protocols: readonly Protocol[] = ["grpc", "grpc-web", "json"];

/** The results of all operations over each wire protocol, in the order of `operations`. */
type Results = ReadonlyMap<Protocol, readonly OperationResult[]>;

/** The server of the tour. */
interface Target {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      url: { type: "string" },
      "instance-host": { type: "string" },
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
  const prefix = `zitadel-idp tour ${randomBytes(3).toString("hex")}`;
  const results = new Map<Protocol, readonly OperationResult[]>();
  const leftovers: string[] = [];
  let checks: TourChecks | undefined;
  let isInterrupted = false;
  process.once("SIGINT", () => {
    // The current operation finishes first, and then the tour removes the objects that it created.
    isInterrupted = true;
  });
  try {
    if (!values.json) {
      process.stdout.write(`Tour of the IDP operations on ${target.name} at ${target.url}\n`);
      process.stdout.write(
        `The tour names everything that it creates "${prefix} …", and removes it at the end.\n\n`,
      );
    }
    for (const protocol of protocols) {
      const client = createClient(target, values, protocol);
      const tour: Tour = { client, label: `${prefix} ${protocol}`, ids: {} };
      try {
        results.set(protocol, await runOperations(tour, () => isInterrupted));
      } finally {
        leftovers.push(...(await cleanUp(tour)));
        await client.close();
      }
    }
    checks = await checkTarget(target, values);
  } finally {
    await target.close();
    process.stderr.write(leftovers.map((line) => `${line}\n`).join(""));
  }
  const problems = [...findProblems(results), ...leftovers, ...checks.problems];
  process.stdout.write(
    values.json
      ? formatJson(results, checks, problems)
      : formatTable(results) + formatChecks(checks) + formatSummary(problems),
  );
  return problems.length === 0 ? 0 : 1;
}

/** The flags that select the instance and the organization. */
interface TargetFlags {
  readonly "instance-host"?: string | undefined;
  readonly org?: string | undefined;
  readonly insecure: boolean;
}

function createClient({ url, token }: Target, flags: TargetFlags, protocol?: Protocol): IdpClient {
  return createIdpClient({
    baseUrl: url,
    instanceHost: flags["instance-host"],
    auth: token,
    orgId: flags.org,
    protocol,
    timeoutMs: 20_000,
    allowInsecureAuth: flags.insecure,
  });
}

/** Runs all operations over one wire protocol. Throws if the tour is interrupted between two operations. */
async function runOperations(
  tour: Tour,
  isInterrupted: () => boolean,
): Promise<readonly OperationResult[]> {
  const results: OperationResult[] = [];
  for (const operation of operations) {
    if (isInterrupted()) {
      throw new Error("interrupted");
    }
    results.push(await runOperation(operation, tour));
  }
  return results;
}

async function checkTarget(target: Target, flags: TargetFlags): Promise<TourChecks> {
  const client = createClient(target, flags);
  try {
    const { url, token } = target;
    return await runChecks(client, {
      url,
      token,
      instanceHost: flags["instance-host"],
      org: flags.org,
    });
  } finally {
    await client.close();
  }
}

async function openTarget(url: string | undefined, token: string | undefined): Promise<Target> {
  if (url === undefined) {
    const emulator = createEmulator();
    const listener = await emulator.listen();
    return {
      name: "the embedded emulator",
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
  return { name: "ZITADEL", url, token, close: async () => undefined };
}

/** Returns the problems: operations with an unexpected result, and operations whose wire protocols differ. */
function findProblems(results: Results): string[] {
  const problems: string[] = [];
  for (const [index, { name }] of operations.entries()) {
    const row = [...results].map(([protocol, all]) => ({ protocol, result: all[index] }));
    for (const { protocol, result } of row) {
      if (result?.isExpected !== true) {
        problems.push(`${name} over ${protocol}: ${result?.text}\n    ${result?.content}`);
      }
    }
    if (new Set(row.map(({ result }) => result?.content)).size > 1) {
      const lines = row.map(
        ({ protocol, result }) => `    ${protocol.padEnd(8)} ${result?.content}`,
      );
      problems.push(`${name}: the wire protocols differ\n${lines.join("\n")}`);
    }
  }
  return problems;
}

function formatTable(results: Results): string {
  const formatCell = (result: OperationResult | undefined): string =>
    result === undefined ? "" : `${result.text.padEnd(22)} ${result.ms.toFixed(1).padStart(6)} ms`;
  const rows = [
    ["operation", ...protocols],
    ...operations.map(({ name }, index) => [
      name,
      ...protocols.map((protocol) => formatCell(results.get(protocol)?.[index])),
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

function formatChecks({ whoami, doctor }: TourChecks): string {
  return `whoami found ${whoami}.\ndoctor found ${doctor} in an issuer with an extra slash.\n\n`;
}

function formatSummary(problems: readonly string[]): string {
  return problems.length === 0
    ? `${operations.length} operations over ${protocols.join(", ")}: all had the expected result, and the three wire protocols agree.\n`
    : `${problems.length} problems:\n\n${problems.map((problem) => `  ${problem}\n`).join("\n")}`;
}

function formatJson(results: Results, checks: TourChecks, problems: readonly string[]): string {
  const rows = operations.map(({ name }, index) => ({
    operation: name,
    ...Object.fromEntries(
      protocols.map((protocol) => {
        const { text, ms } = results.get(protocol)?.[index] ?? {};
        return [protocol, { result: text, ms }];
      }),
    ),
  }));
  const { whoami, doctor } = checks;
  const report = { agree: problems.length === 0, operations: rows, whoami, doctor, problems };
  return `${JSON.stringify(report, null, 2)}\n`;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 2;
}
