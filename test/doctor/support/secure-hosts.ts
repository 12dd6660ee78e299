import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext } from "node:tls";
import type { DiagnoseOptions } from "../../../src/doctor/index.js";
import { createAuthority } from "../../support/certificates.js";
import { type CodeFlowHandler, createListener } from "./code-flow-server.js";
import { startPublicHosts } from "./public-hosts.js";

/** Servers with TLS under public host names, which a forward proxy leads to this machine. */
export interface SecureHosts extends AsyncDisposable {
  /** The options of `diagnose` with the proxy and the authority of the certificates. */
  readonly options: Pick<DiagnoseOptions, "proxy" | "tls">;
}

/** Starts a server with TLS for each of these host names. */
export async function startSecureHosts(
  handlers: Readonly<Record<string, CodeFlowHandler>>,
): Promise<SecureHosts> {
  const authority = await createAuthority();
  const names = Object.keys(handlers);
  const nextYear = new Date(Date.now() + 365 * 86_400_000);
  const certificates = await Promise.all(names.map((name) => authority.issue(name, nextYear)));
  const contexts = new Map(
    names.map((name, index) => [name, createSecureContext(certificates[index])]),
  );
  const server = https.createServer(
    { SNICallback: (name, done) => done(null, contexts.get(name)) },
    createListener((request) => {
      const handle = handlers[request.url.hostname];
      return handle === undefined
        ? { status: 421 }
        : handle({ ...request, url: new URL(request.url.href.replace("http:", "https:")) });
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const hosts = await startPublicHosts(Object.fromEntries(names.map((name) => [name, port])));
  return {
    options: { proxy: hosts.proxy, tls: { ca: authority.ca } },
    async [Symbol.asyncDispose]() {
      await hosts[Symbol.asyncDispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
