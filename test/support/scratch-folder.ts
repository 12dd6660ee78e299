import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Makes a folder the temporary folder of this process and of its child processes. The folder is deleted when this process ends,
 * also when it is interrupted.
 */
export function useScratchFolder(name: string, log: (line: string) => void): void {
  const scratch = mkdtempSync(join(tmpdir(), `zitadel-idp-${name}-`));
  // squid, started by root, runs as another user.
  chmodSync(scratch, 0o755);
  process.env["TMPDIR"] = scratch;
  process.on("exit", () => {
    try {
      rmSync(scratch, { recursive: true, force: true });
    } catch (error) {
      // After an interruption, a child process may still write there, and is ended only after this.
      log(`left behind: ${scratch} (${String(error)})`);
    }
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(1));
  }
}
