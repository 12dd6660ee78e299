import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { KeyAndCertificate } from "./certificates.js";

/** A server with TLS that answers all requests with the same text. */
export interface TextServer extends AsyncDisposable {
  /** The URL, with the name `localhost`. */
  readonly url: string;
  /** The number of requests. */
  readonly requests: number;
  /** The answer to the next requests. */
  text: string;
  /** The status of the next answers. Default: 200. */
  status: number;
}

/** Starts a server with TLS on this machine. The certificate is for `localhost`. */
export async function startTextServer(credentials: KeyAndCertificate): Promise<TextServer> {
  let requests = 0;
  const server = createServer(credentials, (_, response) => {
    requests++;
    response.writeHead(started.status, { "content-type": "application/xml" }).end(started.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const started: TextServer = {
    url: `https://localhost:${(server.address() as AddressInfo).port}/metadata`,
    get requests() {
      return requests;
    },
    text: "",
    status: 200,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return started;
}
