import { createServer, type Socket } from "node:net";
import { type ConnectionLimits, defaultConnectionLimits } from "./http/connection-limits.js";
import { escapeRequestLine } from "./http/escape-request-line.js";
import { createHttp1Server } from "./http/http1-server.js";
import { createHttp2Server } from "./http/http2-server.js";
import { createRequestBodyReader } from "./http/request-body.js";
import type { RequestHandler } from "./http/request-handler.js";
import type { Listener, ListenOptions } from "./listener.js";

/** The connection preface that every HTTP/2 client sends first. */
const http2Preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/**
 * Listens on one port for HTTP/1.1 and for HTTP/2 with prior knowledge, as the real server does without TLS.
 *
 * Both servers read the complete body of a request, pass the request to `handleRequest`, and send the response.
 */
export async function listen(
  handleRequest: RequestHandler,
  domain: string,
  { port = 0, host = "127.0.0.1" }: ListenOptions,
  limits: ConnectionLimits = defaultConnectionLimits,
): Promise<Listener> {
  const readBody = createRequestBodyReader(limits);
  const http1 = createHttp1Server(handleRequest, readBody, limits);
  const http2 = createHttp2Server(handleRequest, readBody, limits);

  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    detectHttpVersion(socket, limits, (isHttp2) =>
      isHttp2 ? http2.accept(socket) : http1.emit("connection", socket),
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
 * Reads enough bytes to distinguish HTTP/2 from HTTP/1.1, puts them back, and calls `onDetected`. Destroys a socket that does not
 * send these bytes within `prefaceMs`.
 */
function detectHttpVersion(
  socket: Socket,
  { prefaceMs }: ConnectionLimits,
  onDetected: (isHttp2: boolean) => void,
): void {
  let received = Buffer.alloc(0);
  socket.setTimeout(prefaceMs, () => socket.destroy());
  const onReadable = (): void => {
    const chunk: unknown = socket.read();
    if (!Buffer.isBuffer(chunk)) {
      return;
    }
    received = Buffer.concat([received, chunk]);
    const length = Math.min(received.length, http2Preface.length);
    const couldBeHttp2 = received.subarray(0, length).equals(http2Preface.subarray(0, length));
    if (couldBeHttp2 && length < http2Preface.length) {
      return;
    }
    socket.off("readable", onReadable);
    socket.setTimeout(0);
    socket.removeAllListeners("timeout");
    socket.unshift(couldBeHttp2 ? received : escapeRequestLine(received));
    onDetected(couldBeHttp2);
  };
  socket.on("readable", onReadable);
}
