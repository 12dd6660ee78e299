import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startProgram } from "./background-program.js";
import type { DebianProgram } from "./debian-programs.js";
import { findFreePorts } from "./ports.js";

export const squidProgram: DebianProgram = {
  name: "squid",
  commands: ["squid"],
  debianPackage: "squid",
};

/** A running squid, a proxy for HTTP and CONNECT. */
export interface Squid extends AsyncDisposable {
  readonly port: number;
  /** Stops squid, and returns its log. */
  stopAndReadLog(): Promise<SquidEntry[]>;
}

/** A request or a tunnel in the log of squid. */
export interface SquidEntry {
  readonly method: string;
  /** The URL of a request, or the host and the port of a tunnel. */
  readonly target: string;
  readonly status: number;
  /** The user name; "-" without authentication. */
  readonly user: string;
  /** The port of squid's own connection to the server; 0 without one. */
  readonly ownPort: number;
}

export interface SquidOptions {
  /** Host names of 127.0.0.1 that this squid alone knows. */
  readonly hosts: readonly string[];
  /** True to let nobody but `squidUser` use the proxy. */
  readonly asksForCredentials?: boolean;
}

/** The user of a squid that asks for credentials. The password has characters that a URL must encode. */
export const squidUser = { name: "driver", password: "p@ss:w/rd" } as const;

/** The line of the user for `passwordHelper`, with the hash of the password by `openssl passwd -6 -salt networks`. */
const squidUserLine =
  "driver:$6$networks$zK0MbVh3Dhk7.F3crquPjJTwYPp/08jGrwemenkgvJujdW37HgW6OM5XHq6zGSQ8kJ8ukOmfePZBu5EOgWyR30\n";

/** The helper of Debian's package that checks passwords. */
const passwordHelper = "/usr/lib/squid/basic_ncsa_auth";

/** Starts squid. Its files stay in the temporary folder of this process. */
export async function startSquid(
  path: string,
  { hosts, asksForCredentials = false }: SquidOptions,
): Promise<Squid> {
  const folder = await mkdtemp(join(tmpdir(), "squid-"));
  if (process.getuid?.() === 0) {
    // Started by root, squid runs as the user "proxy", who writes the logs.
    await chmod(dirname(folder), 0o755);
    await chmod(folder, 0o777);
  }
  const [port = 0] = await findFreePorts(1);
  const [hostsFile, passwords] = [join(folder, "hosts"), join(folder, "passwords")];
  const [log, conf] = [join(folder, "access.log"), join(folder, "squid.conf")];
  await writeFile(hostsFile, hosts.map((name) => `127.0.0.1 ${name}\n`).join(""));
  await writeFile(passwords, squidUserLine);
  const access = asksForCredentials
    ? [
        `auth_param basic program ${passwordHelper} ${passwords}`,
        "auth_param basic children 1 startup=1",
        "acl known proxy_auth REQUIRED",
        "http_access allow known",
        "http_access deny all",
      ]
    : ["http_access allow all"];
  await writeFile(
    conf,
    `${access.join("\n")}
http_port 127.0.0.1:${port}
hosts_file ${hostsFile}
cache deny all
logformat entry %rm %ru %>Hs %un %<lp
access_log stdio:${log} entry
cache_log stdio:${join(folder, "cache.log")}
cache_store_log none
pid_filename none
coredump_dir ${folder}
pinger_enable off
max_filedescriptors 1024
shutdown_lifetime 0 seconds
`,
  );
  const program = await startProgram(path, ["-N", "-f", conf], [port]);
  return {
    port,
    async stopAndReadLog() {
      await program.stop();
      return (await readFile(log, "utf8")).split("\n").filter(Boolean).map(parseEntry);
    },
    [Symbol.asyncDispose]: () => program.stop(),
  };
}

function parseEntry(line: string): SquidEntry {
  const [method = "", target = "", status, user = "", ownPort] = line.split(" ");
  return { method, target, status: Number(status), user, ownPort: Number(ownPort) || 0 };
}
