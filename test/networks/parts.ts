import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsOptions } from "node:tls";
import { startTlsTerminator, type TlsTerminator } from "../faults/tls-terminator.js";
import { createAuthority, type KeyAndCertificate } from "../support/certificates.js";
import { type Nginx, type NginxServer, startNginx } from "../support/nginx.js";
import type { EmulatorFactory } from "../runtimes/program/driver.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { type Squid, type SquidSettings, startSquid } from "../support/squid.js";
import { type Server, startServer } from "./server.js";

/** The host name that only proxies know. */
export const internalHost = "zitadel.internal";

/** The parts of one network. Closing closes all that were started. */
export interface Parts extends AsyncDisposable {
  readonly certificates: Certificates;
  /** Starts an emulator whose instance has this host name. */
  startServer(domain: string): Promise<Server>;
  startNginx(config: NginxServer): Promise<Nginx>;
  startSquid(settings: SquidSettings): Promise<Squid>;
  startTerminator(port: number, options: TlsOptions): Promise<TlsTerminator>;
}

/** The certificates of a private CA. */
export interface Certificates {
  /** The certificate of the CA, in PEM. */
  readonly ca: string;
  /** A certificate for `localhost`. */
  readonly local: KeyAndCertificate;
  /** A certificate for a client. */
  readonly client: KeyAndCertificate;
  readonly caFile: string;
  /** The files of the certificates of servers, by host name. */
  readonly serverFiles: Readonly<Record<"localhost" | typeof internalHost, CertificateFiles>>;
}

interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Creates the function that creates the parts of each network. */
export async function createPartsFactory(createEmulator: EmulatorFactory): Promise<() => Parts> {
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
      startNginx: async (config) => use(await startNginx(config)),
      startSquid: async (settings) => use(await startSquid(settings)),
      async startTerminator(port, options) {
        const terminator = await startTlsTerminator(port, options);
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
  const { ca, issue } = await createAuthority();
  const folder = await mkdtemp(join(tmpdir(), "certificates-"));
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const writeBoth = async (name: string, { cert, key }: KeyAndCertificate) => ({
    cert: await write(`${name}.pem`, cert),
    key: await write(`${name}-key.pem`, key),
  });
  const local = await issue("localhost");
  return {
    ca,
    local,
    client: await issue("caller"),
    caFile: await write("ca.pem", ca),
    serverFiles: {
      localhost: await writeBoth("localhost", local),
      [internalHost]: await writeBoth(internalHost, await issue(internalHost)),
    },
  };
}
