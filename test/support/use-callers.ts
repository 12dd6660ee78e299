import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import type { EmulatorSeed } from "zitadel-idp/emulator";
import { cli, type CliEnvironment } from "./cli.js";
import type { ProgramResult } from "./program.js";
import { createKeyPair } from "./rsa-keys.js";
import { plantedSecret } from "./use-cli.js";
import { type RunningEmulator, useEmulator } from "./use-emulator.js";

/** The key pair of the service account key of the user `iam-owner`. */
export const callerKeys: ReturnType<typeof createKeyPair> = createKeyPair();

const organization = "7";

/** Service users with different roles, each with the token `t-` and its name. */
const seed: EmulatorSeed = {
  instance: { id: "1" },
  organizations: [
    { id: "7", name: "Acme" },
    { id: "8", name: "Other" },
    { id: "9", name: "Old", state: "inactive" },
    { id: "10", name: "Gone", state: "removed" },
  ],
  serviceUsers: [
    { id: "11", name: "iam-owner", organization, token: "t-iam-owner", instanceRoles: ["IAM_OWNER"], clientSecret: plantedSecret, keys: [{ id: "k", publicKey: callerKeys.publicSpki }] }, // prettier-ignore
    { id: "12", name: "iam-viewer", organization, token: "t-iam-viewer", instanceRoles: ["IAM_OWNER_VIEWER"] }, // prettier-ignore
    { id: "13", name: "org-owner", organization, token: "t-org-owner", organizationRoles: { 7: ["ORG_OWNER"] } }, // prettier-ignore
    { id: "14", name: "org-viewer", organization, token: "t-org-viewer", organizationRoles: { 7: ["ORG_OWNER_VIEWER"] } }, // prettier-ignore
    { id: "15", name: "nobody", organization, token: "t-nobody" },
    { id: "16", name: "elsewhere", organization, token: "t-elsewhere", organizationRoles: { 8: ["ORG_OWNER"], 9: ["ORG_OWNER_VIEWER"] } }, // prettier-ignore
    { id: "17", name: "old-owner", organization: "9", token: "t-old-owner", organizationRoles: { 9: ["ORG_OWNER"] } }, // prettier-ignore
  ],
  humans: [{ id: "99", name: "ada", organization: "Acme" }],
};

/** The output of `whoami --json`. */
export interface WhoamiReport {
  readonly isReady: boolean;
  readonly missing: readonly { kind: string; message: string; permissions?: string[] }[];
  readonly protocols: readonly { protocol: string; inUse: boolean; getsThrough: boolean }[];
  readonly commands?: Record<string, { command: string; needs: string[]; missing: string[] }[]>;
  readonly [part: string]: unknown;
}

/** An emulator with users of different roles, and the commands of these users. */
interface Callers extends RunningEmulator {
  /** Writes a file that only its owner may read. Returns its path. */
  write(name: string, content: string): string;
  /** Returns the path of a file in the folder of `write`. */
  at(name: string): string;
  /** Runs a command with a token, and checks that its output has no secret. */
  zitadel(
    args: readonly string[],
    token: string | undefined,
    more?: CliEnvironment,
  ): Promise<ProgramResult>;
  /** Runs `whoami --json`, and checks that the exit status agrees with the report. */
  whoami(
    args: readonly string[],
    token: string | undefined,
    more?: CliEnvironment,
  ): Promise<WhoamiReport>;
}

/** Starts an emulator with users of different roles for the commands of a test file. */
export async function useCallers(): Promise<Callers> {
  const running = await useEmulator({ seed });
  const folder = mkdtempSync(join(tmpdir(), "zitadel-idp-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  const zitadel: Callers["zitadel"] = async (args, token, more = {}) => {
    const env = {
      ZITADEL_URL: running.listener.url,
      ...(token !== undefined && { ZITADEL_TOKEN: token }),
      SECRET: plantedSecret,
      ...more.env,
    };
    const result = await cli(args, { ...more, env });
    for (const secret of [plantedSecret, ...(token === undefined ? [] : [token])]) {
      expect(result.stdout + result.stderr).not.toContain(secret);
    }
    return result;
  };
  return {
    ...running,
    at,
    zitadel,
    write(name, content) {
      writeFileSync(at(name), content, { mode: 0o600 });
      return at(name);
    },
    async whoami(args, token, more = {}) {
      const { status, stdout, stderr } = await zitadel(["whoami", "--json", ...args], token, more);
      expect(stderr).toBe("");
      const report = JSON.parse(stdout) as WhoamiReport;
      expect(status).toBe(report.isReady ? 0 : 1);
      return report;
    },
  };
}
