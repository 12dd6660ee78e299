import { createServer, type AddressInfo, type Socket } from "node:net";

/** A server that takes connections and never answers. */
export interface SilentServer extends AsyncDisposable {
  readonly url: string;
  /** Fulfils when the next client connects. */
  connected(): Promise<void>;
}

export async function startSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    connected: () => new Promise((resolve) => server.once("connection", () => resolve())),
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
