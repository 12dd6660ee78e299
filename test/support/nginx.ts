import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "./background-program.js";
import { type DebianProgram, findOrInstallProgram } from "./debian-programs.js";
import { findFreePorts } from "./ports.js";

/** The program nginx of Debian. */
export const nginxProgram: DebianProgram = {
  name: "nginx",
  commands: ["nginx"],
  debianPackage: "nginx-light",
};

/** A running nginx with one server. */
export interface Nginx extends AsyncDisposable {
  readonly port: number;
  /** Stops nginx. Returns the client port of each request that nginx answered. */
  stopAndReadPeerPorts(): Promise<number[]>;
}

/** The configuration of the server. */
export interface NginxServer {
  /** The parameters of `listen` after the port, e.g. "ssl http2". */
  readonly listen: string;
  /** The lines of the server block. */
  readonly lines: readonly string[];
}

/** Starts nginx. Its files stay in the temporary folder of this process. */
export async function startNginx({ listen, lines }: NginxServer): Promise<Nginx> {
  const path = await findOrInstallProgram(nginxProgram);
  const folder = await mkdtemp(join(tmpdir(), "nginx-"));
  const [port = 0] = await findFreePorts(1);
  const requests = join(folder, "requests.log");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  await writeFile(
    join(folder, "nginx.conf"),
    `daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr warn;
events {}
http {
  log_format peer $remote_port;
  access_log ${requests} peer;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
  server {
    listen 127.0.0.1:${port} ${listen};
    ${lines.join("\n    ")}
  }
}
`,
  );
  const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"];
  const program = await startProgram(path, args, [port]);
  return {
    port,
    async stopAndReadPeerPorts() {
      await program.stop();
      return (await readFile(requests, "utf8")).split("\n").filter(Boolean).map(Number);
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}
