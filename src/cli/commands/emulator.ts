import { Command, InvalidArgumentError } from "commander";
import type { Emulator, EmulatorSeed } from "../../emulator/index.js";
import { maxLagMs } from "../../emulator/max-lag-ms.js";
import { errorCodeOf } from "../../utils/error-codes.js";
import { isError } from "../../utils/is-error.js";
import { isLoopback } from "../../utils/is-loopback.js";
import type { CommandContext } from "../command-context.js";
import { readSeedFile } from "../documents/read-seed-file.js";
import { isColoured } from "../output.js";
import { createRequestFormatter, formatRequestJson } from "../report/format-request.js";
import { UsageError } from "../errors/usage-error.js";

interface EmulatorCommandOptions {
  readonly port: number;
  readonly host: string;
  readonly seed?: string;
  readonly lag: number;
  readonly token?: string;
  readonly control?: true;
  readonly ui?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** Creates `zitadel-idp emulator`, which serves until SIGINT or SIGTERM. */
export function createEmulatorCommand(context: CommandContext): Command {
  return new Command("emulator")
    .description("Run a ZITADEL emulator in memory: gRPC, gRPC-web and REST on one port.")
    .option("-p, --port <number>", "port to listen on; 0 picks a free one", parsePort, 8080)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--seed <file>", "start with the state in this YAML or JSON file")
    .option("--lag <ms>", "delay before a write shows up in lists, in milliseconds", parseLag, 0)
    .option(
      "--token <token>",
      "access token of the default user; only if the seed has no service users; default: random",
    )
    .option(
      "--control",
      "serve the control API under /_emulator, for programs on this machine: log, faults, lag, reset, snapshots",
    )
    .option(
      "--ui",
      "serve a page for the browser on this machine: providers, users, log, faults, snapshots; needs @zitadel-idp/ui, includes --control",
    )
    .option("--json", "print each event as a line of JSON")
    .option("-q, --quiet", "do not log requests")
    .addHelpText(
      "after",
      `
Examples:
  $ zitadel-idp emulator
  $ zitadel-idp emulator --port 9000 --token secret
  $ zitadel-idp emulator --seed seed.yaml --lag 100
  $ zitadel-idp emulator --ui
  $ zitadel-idp emulator --port 0 --json`,
    )
    .action(async (options: EmulatorCommandOptions) => await runEmulator(context, options));
}

async function runEmulator(
  context: CommandContext,
  { port, host, seed, lag, token, control, ui, json, quiet }: EmulatorCommandOptions,
): Promise<void> {
  const pageHost = ui && toPageHost(host);
  const { stdout, env } = context;
  const print = (text: string): void => void stdout.write(`${text}\n`);
  const formatRequest = json ? formatRequestJson : createRequestFormatter(isColoured(stdout, env));
  // Load the emulator on demand, because no other command needs it.
  const { createEmulator } = await import("../../emulator/index.js");
  const emulator = createEmulator({
    seed: addToken(seed === undefined ? {} : readSeedFile(seed), seed, token),
    lagMs: lag,
    ...(!quiet && { onRequest: (request) => print(formatRequest(request)) }),
  });
  const listener = await emulator.listen({ port, host, control, ui }).catch((cause: unknown) => {
    throw toListenError(cause, host, port);
  });
  const page = pageHost && `http://${pageHost}:${listener.port}/_emulator/ui/`;
  const format = json ? formatGreetingJson : formatGreeting;
  print(format(emulator, listener.url, page));
  // Wait for the signal, because the program exits when this command returns.
  await waitForAbort(context.signal);
  await emulator.close();
}

async function waitForAbort(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function toListenError(cause: unknown, host: string, port: number): unknown {
  if (!(isError(cause) && "syscall" in cause)) {
    return cause;
  }
  return new Error(
    errorCodeOf(cause) === "EADDRINUSE"
      ? `port ${port} on ${host} is in use: choose another with --port, or 0 for a free one`
      : `cannot listen on ${host}:${port}: ${cause.message}`,
    { cause },
  );
}

/** Returns the host for the URL of the page. Throws a UsageError if browsers cannot use the page over a loopback address. */
function toPageHost(host: string): string {
  const hostname = host.includes(":") ? `[${host}]` : host;
  if (hostname === "0.0.0.0" || hostname === "[::]") {
    return "127.0.0.1";
  }
  if (!isLoopback(hostname)) {
    throw new UsageError(
      `--ui is for browsers on this machine, which cannot use ${host}: leave --host out, or listen on 0.0.0.0`,
    );
  }
  return hostname;
}

function formatGreeting({ token, orgId }: Emulator, url: string, page: string | undefined): string {
  const firstCall =
    token === ""
      ? "No service user of the seed has a token. Get one at /oauth/v2/token."
      : `Try it:
  export ZITADEL_URL=${url} ZITADEL_TOKEN=${token}
  npx zitadel-idp list`;
  return `ZITADEL emulator, in memory. gRPC, gRPC-web and REST on ${url}

  organization   ${orgId}
  token          ${token || "none"}${page === undefined ? "" : `\n  page           ${page}`}

${firstCall}

Stop with Ctrl+C.
`;
}

function formatGreetingJson(
  { token, orgId, instanceId }: Emulator,
  url: string,
  ui: string | undefined,
): string {
  return JSON.stringify({ event: "listening", url, token, orgId, instanceId, ui });
}

function addToken(
  seed: EmulatorSeed,
  file: string | undefined,
  token: string | undefined,
): EmulatorSeed {
  if (token === undefined) {
    return seed;
  }
  if (seed.serviceUsers !== undefined) {
    throw new Error(
      `--token is for the default user, but ${file} has service users of its own: put the token there, or leave --token out`,
    );
  }
  const organizations = seed.organizations ?? [{ name: "ZITADEL" }];
  const organization = organizations[0]?.name ?? "";
  return {
    ...seed,
    organizations,
    serviceUsers: [{ name: "owner", organization, token, instanceRoles: ["IAM_OWNER"] }],
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new InvalidArgumentError("must be a number from 0 to 65535");
  }
  return port;
}

function parseLag(text: string): number {
  const lag = Number(text);
  if (!/^\d+$/.test(text) || lag > maxLagMs) {
    throw new InvalidArgumentError(`must be a number of milliseconds from 0 to ${maxLagMs}`);
  }
  return lag;
}
