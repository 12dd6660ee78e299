import { createServer, type AddressInfo, type Socket } from "node:net";

/** A server that reads requests over HTTP/1.1 and HTTP/2, and never responds. */
export interface UnresponsiveServer extends AsyncDisposable {
  readonly url: string;
  /** Waits until the next request arrives. */
  waitForRequest(): Promise<void>;
}

const preface = "PRI * HTTP/2.0";
const prefaceBytes = 24;
const emptySettings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const headersFrame = 1;

/** Starts a server that never responds. */
export async function startUnresponsiveServer(): Promise<UnresponsiveServer> {
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  const notify = (): void => {
    waiting.forEach((resolve) => resolve());
    waiting = [];
  };
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    let received = Buffer.alloc(0);
    let read = 0;
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (!received.toString("latin1").startsWith(preface)) {
        notify();
        return;
      }
      if (read === 0) {
        socket.write(emptySettings);
        read = prefaceBytes;
      }
      for (; received.length >= read + 9; read += 9 + received.readUIntBE(read, 3)) {
        if (received[read + 3] === headersFrame) {
          notify();
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    waitForRequest: () => new Promise((resolve) => waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
