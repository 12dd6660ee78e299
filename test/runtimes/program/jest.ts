/** The driver as a test of Jest: takes its setup from the environment, and writes the report to a file. */
import { writeFileSync } from "node:fs";
import { createEmulator } from "zitadel-idp/emulator";
import { drive, type Setup } from "./driver.js";

declare function test(name: string, run: () => Promise<void>, limitMs: number): void;

test("the driver reports", async () => {
  const { SETUP = "", REPORT = "" } = process.env;
  // jsdom lacks the timers of Node.js, which the emulator's port needs.
  const emulator = "window" in globalThis ? undefined : createEmulator;
  writeFileSync(REPORT, JSON.stringify(await drive(JSON.parse(SETUP) as Setup, emulator)));
}, 240_000);
