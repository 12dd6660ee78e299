#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { createProcessContext } from "./command-context.js";
import { run } from "./run.js";

const { version } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as {
  version: string;
};

// Ignore EPIPE: the reader of a pipe, such as head, may close the pipe early.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    throw error;
  }
});

/** Runs the command line of this process, and exits with its status. */
async function main(): Promise<never> {
  const status = await run(process.argv.slice(2), createProcessContext(), version);
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write("", () => resolve()));
  }
  // Exit explicitly: a DNS lookup, for example, cannot be cancelled and would keep the process alive past its deadline.
  process.exit(status);
}

// The package contains this file as CommonJS, which has no `await` outside of functions.
void main();
