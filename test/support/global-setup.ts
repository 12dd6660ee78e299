import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Tests of the package, of bundles and of browsers use what is built. */
export function setup(): void {
  const script = fileURLToPath(new URL("../../tools/build.mjs", import.meta.url));
  execFileSync(process.execPath, [script], { stdio: "inherit" });
}
