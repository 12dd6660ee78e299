import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Creates a folder, and makes it the temporary folder of this process and of its child processes. Deletes the folder when this process
 * ends, also after an interruption.
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
      // After an interruption, a child process may still write into the folder.
      log(`left behind: ${scratch} (${String(error)})`);
    }
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => process.exit(1));
  }
}
