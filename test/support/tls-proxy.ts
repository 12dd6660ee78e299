import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type TLSSocket } from "node:tls";
import type { KeyAndCertificate } from "./certificates.js";

/** A proxy that accepts TLS for HTTP/1.1 and HTTP/2, and forwards requests without TLS. */
export interface TlsProxy extends AsyncDisposable {
  readonly port: number;
  /** The name in the client certificate of each request. Empty for a client without a certificate. */
  readonly clients: readonly string[];
  /** The number of open connections. */
  readonly connections: number;
}

/** Starts a TLS proxy to a port of this machine. With `clientCa`, clients need a certificate of this authority. */
export async function startTlsProxy(
  targetPort: number,
  credentials: KeyAndCertificate,
  clientCa?: string,
): Promise<TlsProxy> {
  const clients: string[] = [];
  const sockets = new Set<Socket>();
  const upstream = http2.connect(`http://localhost:${targetPort}`);
  const http1Server = http.createServer((request, response) => {
    clients.push(readClientName(request.socket as TLSSocket));
    forwardRequest(targetPort, request, response);
  });
  const http2Server = http2.createServer().on("stream", (stream, headers) => {
    clients.push(readClientName(stream.session?.socket as TLSSocket));
    forwardStream(upstream, stream, headers);
  });
  const options = {
    ...credentials,
    ALPNProtocols: ["h2", "http/1.1"],
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
  };
  const server = createServer(options, (socket) => {
    socket.on("error", () => undefined);
    (socket.alpnProtocol === "h2" ? http2Server : http1Server).emit("connection", socket);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  http2Server.on("sessionError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    clients,
    get connections() {
      return sockets.size;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      upstream.destroy();
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

function readClientName(socket: TLSSocket): string {
  return (socket.getPeerCertificate() as { subject?: { CN?: string } }).subject?.CN ?? "";
}

function forwardStream(
  upstream: http2.ClientHttp2Session,
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
): void {
  const forwarded = upstream.request({
    ...headers,
    ":scheme": "http",
    "x-forwarded-proto": "https",
  });
  forwarded.on("response", (received) => {
    stream.respond(received, { waitForTrailers: true });
    forwarded.pipe(stream);
  });
  let trailers: http2.OutgoingHttpHeaders = {};
  forwarded.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.on("error", () => forwarded.close(http2.constants.NGHTTP2_CANCEL));
  forwarded.on("error", () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  stream.pipe(forwarded);
}

function forwardRequest(
  port: number,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): void {
  const headers = { ...request.headers, "x-forwarded-proto": "https" };
  const { method, url: path } = request;
  const forwarded = http.request({ port, host: "127.0.0.1", method, path, headers }, (received) => {
    response.writeHead(received.statusCode ?? 500, received.headers);
    received.pipe(response);
  });
  forwarded.on("error", () => response.destroy());
  request.pipe(forwarded);
}
