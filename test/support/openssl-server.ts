import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyAndCertificate } from "./certificates.js";
import { type DebianProgram, findOrInstallProgram } from "./debian-programs.js";

const openssl: DebianProgram = {
  name: "openssl",
  commands: ["openssl"],
  debianPackage: "openssl",
};

/** A server of OpenSSL, which rejects clients without a trusted certificate by a TLS alert, as nginx, Envoy and Go do. */
export interface OpensslServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts the server. Node.js itself ends such connections without an alert. */
export async function startOpensslServer(
  credentials: KeyAndCertificate,
  clientCa: string,
): Promise<OpensslServer> {
  const folder = mkdtempSync(join(tmpdir(), "openssl-"));
  for (const [name, text] of Object.entries({ ...credentials, ca: clientCa })) {
    writeFileSync(join(folder, name), text);
  }
  const args = ["s_server", "-accept", "127.0.0.1:0", "-cert", "cert", "-key", "key"];
  const clients = ["-CAfile", "ca", "-Verify", "1", "-verify_return_error"];
  const child = spawn(
    await findOrInstallProgram(openssl),
    [...args, ...clients, "-alpn", "h2,http/1.1"],
    { cwd: folder, stdio: ["pipe", "pipe", "ignore"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const [, found] = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(printed) ?? [];
      if (found !== undefined) {
        resolve(Number(found));
      }
    });
    child.once("exit", () => reject(new Error(`openssl s_server ended: ${printed}`)));
  });
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
