import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeyAndCertificate } from "./certificates.js";
import { requireProgram } from "./debian-package.js";

/** Settings of a forward proxy. */
interface SquidSettings {
  /** The host names that only this proxy can resolve, and that lead to this machine. */
  readonly hosts: readonly string[];
  /** The ports to which CONNECT is allowed. */
  readonly connectPorts: readonly number[];
  /** The host names that the proxy refuses. */
  readonly refused?: readonly string[];
  /** The user whose name and password every request needs. */
  readonly user?: { readonly name: string; readonly password: string };
  /** The certificate of a proxy that is reached by TLS. */
  readonly tls?: KeyAndCertificate;
}

/** A running forward proxy: the program squid of Debian. */
export interface Squid extends AsyncDisposable {
  readonly port: number;
  /** Returns the requests to the proxy so far, e.g. "CONNECT zitadel.test:443 200". */
  requests(): string[];
}

/** Starts squid as a process of its own, with rules like those of its default configuration. */
export async function startSquid(settings: SquidSettings): Promise<Squid> {
  const program = requireProgram("squid", "squid");
  const folder = mkdtempSync(join(tmpdir(), "squid-"));
  // Squid gives up its rights as root, and its user writes the logs.
  chmodSync(folder, 0o777);
  const port = await findFreePort();
  writeFileSync(join(folder, "squid.conf"), configure(settings, folder, port));
  const child = spawn(program, ["-N", "-f", join(folder, "squid.conf")], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await Promise.race([waitForPort(port, child), ended]);
  if (child.exitCode !== null) {
    throw new Error(`squid ended: ${readLog(join(folder, "cache.log"))}`);
  }
  return {
    port,
    requests: () => readLog(join(folder, "access.log")).split("\n").filter(Boolean),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configure(settings: SquidSettings, folder: string, port: number): string {
  const { hosts, connectPorts, refused = [], user, tls } = settings;
  const path = (name: string): string => join(folder, name);
  writeFileSync(path("hosts"), hosts.map((each) => `127.0.0.1 ${each}\n`).join(""));
  const lines = [
    `hosts_file ${path("hosts")}`,
    "logformat short %rm %ru %>Hs",
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
    writeFileSync(path("check-user.mjs"), checkUser(user));
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

/** Returns the program to which squid writes the percent-encoded name and password of each user, and which answers OK or ERR. */
function checkUser({ name, password }: NonNullable<SquidSettings["user"]>): string {
  return `import { createInterface } from "node:readline";
for await (const line of createInterface(process.stdin)) {
  const [name, password] = line.split(" ").map(decodeURIComponent);
  const isRight = name === ${JSON.stringify(name)} && password === ${JSON.stringify(password)};
  console.log(isRight ? "OK" : "ERR");
}
`;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Waits until something listens on the port, or the process has ended. */
async function waitForPort(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isOpen) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function readLog(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
