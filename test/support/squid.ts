import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "./background-program.js";
import type { KeyAndCertificate } from "./certificates.js";
import { type DebianProgram, findOrInstallProgram } from "./debian-programs.js";
import { findFreePorts } from "./ports.js";

/** The program squid of Debian. */
export const squidProgram: DebianProgram = {
  name: "squid",
  commands: ["squid"],
  debianPackage: "squid",
};

/** Settings of a forward proxy. */
export interface SquidSettings {
  /** The host names that only this proxy can resolve, and that lead to this machine. */
  readonly hosts: readonly string[];
  /** The ports to which CONNECT is allowed. */
  readonly connectPorts: readonly number[];
  /** The host names that the proxy refuses. */
  readonly refused?: readonly string[];
  /** The user whose name and password every request needs. */
  readonly user?: { readonly name: string; readonly password: string };
  /** The certificate of a proxy that clients reach by TLS. */
  readonly tls?: KeyAndCertificate;
}

/** A running forward proxy: the program squid of Debian. */
export interface Squid extends AsyncDisposable {
  readonly port: number;
  /** Returns the requests to the proxy so far, e.g. "CONNECT zitadel.test:443 200". */
  requests(): string[];
  /** Stops squid, and returns all its requests. */
  stopAndReadLog(): Promise<SquidEntry[]>;
}

/** A request to squid, or a tunnel. Squid logs it when it ends. */
export interface SquidEntry {
  readonly method: string;
  /** The URL of a request, or the host and the port of a tunnel. */
  readonly target: string;
  readonly status: number;
  /** The user name, or "-" without a user. */
  readonly user: string;
  /** The port of squid's own connection to the server, or 0 without a connection. */
  readonly ownPort: number;
}

/** Starts squid as a process of its own, with rules like those of its default configuration. */
export async function startSquid(settings: SquidSettings): Promise<Squid> {
  const path = await findOrInstallProgram(squidProgram);
  const folder = mkdtempSync(join(tmpdir(), "squid-"));
  // Squid, started by root, changes its user, and this user writes the logs.
  chmodSync(folder, 0o777);
  const [port = 0] = await findFreePorts(1);
  const config = join(folder, "squid.conf");
  writeFileSync(config, configure(settings, folder, port));
  const program = await startProgram(path, ["-N", "-f", config], [port]);
  const readEntries = (): SquidEntry[] =>
    readLog(join(folder, "access.log")).split("\n").filter(Boolean).map(parseEntry);
  return {
    port,
    requests: () =>
      readEntries().map(({ method, target, status }) => `${method} ${target} ${status}`),
    async stopAndReadLog() {
      await program.stop();
      return readEntries();
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function parseEntry(line: string): SquidEntry {
  const [method = "", target = "", status, user = "", ownPort] = line.split(" ");
  return { method, target, status: Number(status), user, ownPort: Number(ownPort) || 0 };
}

function configure(settings: SquidSettings, folder: string, port: number): string {
  const { hosts, connectPorts, refused = [], user, tls } = settings;
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("hosts"), hosts.map((each) => `127.0.0.1 ${each}\n`).join(""));
  const lines = [
    `hosts_file ${path("hosts")}`,
    "logformat short %rm %ru %>Hs %un %<lp",
    `access_log stdio:${path("access.log")} short`,
    `cache_log ${path("cache.log")}`,
    "pid_filename none",
    "netdb_filename none",
    "cache deny all",
    "shutdown_lifetime 0 seconds",
    `coredump_dir ${folder}`,
    `acl connect_ports port ${connectPorts.join(" ")}`,
    "acl connect method CONNECT",
    "http_access deny connect !connect_ports",
    ...refused.map((each) => `acl refused dstdomain ${each}`),
    ...(refused.length > 0 ? ["http_access deny refused"] : []),
  ];
  if (user !== undefined) {
    writeFileSync(path("check-user.mjs"), writeUserCheck(user));
    lines.push(
      `auth_param basic program ${process.execPath} ${path("check-user.mjs")}`,
      "auth_param basic children 1",
      "acl users proxy_auth REQUIRED",
      "http_access allow users",
    );
  } else {
    lines.push("http_access allow all");
  }
  if (tls === undefined) {
    lines.push(`http_port 127.0.0.1:${port}`);
  } else {
    writeFileSync(path("cert.pem"), tls.cert);
    writeFileSync(path("key.pem"), tls.key);
    lines.push(
      `https_port 127.0.0.1:${port} tls-cert=${path("cert.pem")} tls-key=${path("key.pem")}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** Writes the program that checks users: squid passes the percent-encoded name and password, and the program prints OK or ERR. */
function writeUserCheck({ name, password }: NonNullable<SquidSettings["user"]>): string {
  return `import { createInterface } from "node:readline";
for await (const line of createInterface(process.stdin)) {
  const [name, password] = line.split(" ").map(decodeURIComponent);
  const isRight = name === ${JSON.stringify(name)} && password === ${JSON.stringify(password)};
  console.log(isRight ? "OK" : "ERR");
}
`;
}

function readLog(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
