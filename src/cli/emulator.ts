import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { createEmulator, type Emulator, type EmulatorSeed } from "../emulator/index.js";

interface Options {
  port: number;
  host: string;
  seed?: string;
  token?: string;
}

/** `zitadel-idp emulator`: serves until a signal ends it. */
export function emulatorCommand(): Command {
  return new Command("emulator")
    .description("Run an emulated ZITADEL in memory: gRPC, gRPC-web and REST on one port.")
    .option("-p, --port <number>", "port to listen on; 0 takes any that is free", parsePort, 8080)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--seed <file>", "the state to start with, as JSON")
    .option(
      "--token <token>",
      "the token of the owner, without a seed of its own users; random by default",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ zitadel-idp emulator
  $ zitadel-idp emulator --port 9000 --token secret
  $ zitadel-idp emulator --seed seed.json`,
    )
    .action(run);
}

async function run({ port, host, seed, token }: Options): Promise<void> {
  const emulator = createEmulator({ seed: readSeed(seed, token) });
  const listener = await emulator.listen({ port, host }).catch((cause: NodeJS.ErrnoException) => {
    throw new Error(
      cause.code === "EADDRINUSE"
        ? `port ${port} on ${host} is in use: choose another with --port, or 0 for any that is free`
        : `cannot listen on ${host}:${port}: ${cause.message}`,
    );
  });
  process.stdout.write(greeting(emulator, listener.url));
  const stop = (): void => void emulator.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

function greeting(emulator: Emulator, url: string): string {
  return `Emulated ZITADEL, in memory. gRPC, gRPC-web and REST on ${url}

  organization   ${emulator.orgId}
  token          ${emulator.token}

Try it:
  curl -X POST ${url}/management/v1/idps/templates/_search -H 'Authorization: Bearer ${emulator.token}'

Stop with Ctrl+C.
`;
}

function readSeed(file: string | undefined, token: string | undefined): EmulatorSeed {
  const seed = file === undefined ? {} : parseSeed(file);
  if (token === undefined) {
    return seed;
  }
  if (seed.serviceUsers !== undefined) {
    throw new Error(
      `--token is for the owner that is made without a seed; ${file} has service users of its own`,
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

function parseSeed(file: string): EmulatorSeed {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as EmulatorSeed;
  } catch (cause) {
    throw new Error(
      `cannot read the seed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new InvalidArgumentError("must be a number from 0 to 65535");
  }
  return port;
}
