import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsOptions } from "node:tls";
import { startTerminator, type Terminator } from "../faults/terminator.js";
import type { DebianProgram } from "../support/debian-programs.js";
import { type Nginx, nginxProgram, type NginxServer, startNginx } from "../support/nginx.js";
import {
  createPrivateCa,
  type Credentials,
  type CredentialFiles,
  writeCredentials,
} from "../support/private-ca.js";
import type { EmulatorFactory } from "../runtimes/program/driver.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { type Squid, type SquidOptions, squidProgram, startSquid } from "../support/squid.js";
import { type Server, startServer } from "./server.js";

/** The host name that only proxies know. */
export const internalHost = "zitadel.internal";

/** The parts of one network. Closing closes all that were started. */
export interface Parts extends AsyncDisposable {
  readonly certificates: Certificates;
  /** Starts an emulator whose instance has this host name. */
  startServer(domain: string): Promise<Server>;
  startNginx(config: NginxServer): Promise<Nginx>;
  startSquid(options: SquidOptions): Promise<Squid>;
  startTerminator(port: number, options: TlsOptions): Promise<Terminator>;
}

/** The certificates of a private CA: of a server with all host names of these tests, and of a client. */
export interface Certificates {
  readonly caFile: string;
  readonly ca: string;
  readonly server: Credentials;
  readonly serverFiles: CredentialFiles;
  readonly client: Credentials;
}

/** The programs that networks consist of. */
export const programs: readonly DebianProgram[] = [nginxProgram, squidProgram];

/** Returns the path of a program. Throws `NotHere` if it is missing. */
export type FindProgram = (program: DebianProgram) => Promise<string>;

/** Creates the function that creates the parts of each network. */
export async function createPartsFactory(
  createEmulator: EmulatorFactory,
  pathOf: FindProgram,
): Promise<() => Parts> {
  const certificates = await createCertificates();
  const keys = createKeyPair();
  return () => {
    const started: (() => Promise<unknown>)[] = [];
    const use = <Part extends AsyncDisposable>(part: Part): Part => {
      started.unshift(() => Promise.resolve(part[Symbol.asyncDispose]()));
      return part;
    };
    return {
      certificates,
      startServer: async (domain) => use(await startServer(createEmulator, domain, keys)),
      startNginx: async (config) => use(await startNginx(await pathOf(nginxProgram), config)),
      startSquid: async (options) => use(await startSquid(await pathOf(squidProgram), options)),
      async startTerminator(port, options) {
        const terminator = await startTerminator(port, options);
        started.unshift(() => terminator.close());
        return terminator;
      },
      async [Symbol.asyncDispose]() {
        for (const close of started) {
          await close();
        }
      },
    };
  };
}

async function createCertificates(): Promise<Certificates> {
  const ca = await createPrivateCa();
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, ca.cert);
  const server = await ca.issue("server", ["localhost", internalHost]);
  return {
    caFile,
    ca: ca.cert,
    server,
    serverFiles: await writeCredentials(folder, "server", server),
    client: await ca.issue("client", ["caller"]),
  };
}
