import type { AddressInfo, Server, Socket } from "node:net";

/** A server that listens on loopback. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  /** The URL with `http:` and the host name localhost. */
  readonly url: string;
  /** Destroys all connections, and waits until the server is closed. Disposal does the same. */
  close(): Promise<void>;
}

/** Starts listening on a free port of loopback. Ignores errors of connections and clients that send neither TLS nor HTTP. */
export async function listenOnLoopback(server: Server): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  server.on("sessionError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    sockets.forEach((socket) => socket.destroy());
    await closed;
  };
  return { port, url: `http://localhost:${port}`, close, [Symbol.asyncDispose]: close };
}
