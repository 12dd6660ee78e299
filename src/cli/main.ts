#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { emulatorCommand } from "./emulator.js";

const { version } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
) as {
  version: string;
};

const program = new Command("zitadel-idp")
  .description("The identity-provider APIs of ZITADEL, from the command line.")
  .version(version)
  .addCommand(emulatorCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
