import { createServer, type Socket } from "node:net";
import type { Listener, ListenOptions } from "./emulator.js";
import { createReadBody } from "./http/body.js";
import { createHttp1 } from "./http/http1.js";
import { createHttp2 } from "./http/http2.js";
import { defaultLimits, type Limits } from "./http/limits.js";
import type { Respond } from "./respond.js";

/** The connection preface that every HTTP/2 client sends first. */
const http2Preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Listens on one port for HTTP/1.1 and for HTTP/2 with prior knowledge, as the real server does without TLS. */
export async function listen(
  respond: Respond,
  domain: string,
  { port = 0, host = "127.0.0.1" }: ListenOptions,
  limits: Limits = defaultLimits,
): Promise<Listener> {
  const readBody = createReadBody(limits);
  const http1 = createHttp1(respond, readBody, limits);
  const http2 = createHttp2(respond, readBody, limits);

  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    decide(socket, limits, (speaksHttp2) =>
      speaksHttp2 ? http2.serve(socket) : http1.emit("connection", socket),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  const boundPort = typeof address === "object" && address !== null ? address.port : port;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      http1.close();
      http2.close();
      server.close(() => resolve());
      for (const socket of sockets) {
        socket.destroy();
      }
    });
    return closing;
  };
  return {
    url: `http://${domain}:${boundPort}`,
    port: boundPort,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Reads enough bytes to distinguish HTTP/2 from HTTP/1.1, puts them back, and calls `decided`. Destroys a socket that stays
 * undecided for `undecidedMs`.
 */
function decide(
  socket: Socket,
  { undecidedMs }: Limits,
  decided: (speaksHttp2: boolean) => void,
): void {
  let seen = Buffer.alloc(0);
  socket.setTimeout(undecidedMs, () => socket.destroy());
  const onReadable = (): void => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      return;
    }
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, http2Preface.length);
    const couldBeHttp2 = seen.subarray(0, length).equals(http2Preface.subarray(0, length));
    if (couldBeHttp2 && length < http2Preface.length) {
      return;
    }
    socket.off("readable", onReadable);
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    socket.unshift(seen);
    decided(couldBeHttp2);
  };
  socket.on("readable", onReadable);
}
