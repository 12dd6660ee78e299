import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect } from "vitest";
import type { EmulatorOptions } from "zitadel-idp/emulator";
import { cli, type CliEnvironment } from "./cli.js";
import type { ProgramResult } from "./program.js";
import { type RunningEmulator, useEmulator } from "./use-emulator.js";

/** The secret in the environment variable SECRET of each command. No command may print it. */
export const plantedSecret = "planted-s3cret";

/** An emulator with two organizations, whose service user may do everything. */
export const twoOrganizations: EmulatorOptions = {
  seed: {
    organizations: [
      { id: "7", name: "Acme" },
      { id: "8", name: "Other" },
    ],
    serviceUsers: [
      { name: "owner", organization: "Acme", token: "tok", instanceRoles: ["IAM_OWNER"] },
    ],
  },
};

/** An emulator, a folder and commands for the tests of a file. */
interface CliSetup extends RunningEmulator {
  /** The folder for files. It is empty at the beginning of each test. */
  readonly folder: string;
  /** Writes a file into the folder. Returns its path. */
  write(text: string, name?: string): string;
  /** Runs a command against the emulator, and checks that its output has no secret. */
  zitadel(args: readonly string[], more?: CliEnvironment): Promise<ProgramResult>;
}

/** Starts an emulator for the commands of a test file, with an empty folder for each test. `env` is set for each command. */
export async function useCli(
  options?: EmulatorOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<CliSetup> {
  const running = await useEmulator(options);
  const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    ...running,
    folder,
    write(text, name = "providers.yaml") {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    async zitadel(args, more = {}) {
      const result = await cli(args, {
        ...more,
        env: {
          ZITADEL_URL: running.listener.url,
          ZITADEL_TOKEN: running.emulator.token,
          SECRET: plantedSecret,
          ...env,
          ...more.env,
        },
      });
      expect(result.stdout + result.stderr).not.toContain(plantedSecret);
      return result;
    },
  };
}
