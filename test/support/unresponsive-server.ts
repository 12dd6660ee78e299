import { createServer } from "node:net";
import { listenOnLoopback } from "./listen-on-loopback.js";

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
  let waiting: (() => void)[] = [];
  const notify = (): void => {
    waiting.forEach((resolve) => resolve());
    waiting = [];
  };
  const server = createServer((socket) => {
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
  return {
    ...(await listenOnLoopback(server)),
    waitForRequest: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
