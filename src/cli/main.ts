#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { processContext } from "./context.js";
import { run } from "./run.js";

const { version } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as {
  version: string;
};

// Who reads our output may have seen enough, as head has.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") {
    throw error;
  }
});

const status = await run(process.argv.slice(2), processContext(), version);
for (const stream of [process.stdout, process.stderr]) {
  await new Promise<void>((resolve) => stream.write("", () => resolve()));
}
// Exits by itself: the look-up of a name, for one, cannot be cancelled, and would keep the process alive past its deadline.
process.exit(status);
