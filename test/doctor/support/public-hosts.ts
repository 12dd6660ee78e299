import * as http from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** A forward proxy that leads public host names to servers of this machine. */
export interface PublicHosts extends AsyncDisposable {
  /** The URL of the proxy. */
  readonly proxy: string;
}

/**
 * Starts a forward proxy that connects each of these hosts to a port of this machine, and no other host. Servers of companies can be
 * replaced like this without a change of names: TLS goes through the proxy.
 */
export async function startPublicHosts(
  ports: Readonly<Record<string, number>>,
): Promise<PublicHosts> {
  const tunnels = new Set<Duplex>();
  const server = http.createServer((_, response) => response.writeHead(403).end());
  server.on("connect", ({ url = "" }: http.IncomingMessage, socket: Duplex) => {
    const port = ports[new URL(`http://${url}`).hostname];
    tunnels.add(socket);
    socket.on("error", () => undefined);
    if (port === undefined) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      tunnels.forEach((each) => each.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
