import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Builds the package, which the tests of the package, of bundles and of browsers use. */
export function setup(): void {
  const script = fileURLToPath(new URL("../../tools/build.mjs", import.meta.url));
  execFileSync(process.execPath, [script], { stdio: "inherit" });
}
