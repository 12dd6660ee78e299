import * as http2 from "node:http2";
import { listenOnLoopback } from "./listen-on-loopback.js";

/** A proxy that supports HTTP/2 only. */
export interface Http2Proxy extends AsyncDisposable {
  readonly port: number;
  /** The number of connections that clients opened. */
  readonly connections: number;
  /** The method, path and authority of each request, in order. */
  readonly requests: readonly string[];
  /** The header fields of each request, in order. */
  readonly headers: readonly http2.IncomingHttpHeaders[];
}

/** Starts a proxy to an HTTP/2 server, without TLS or with TLS that accepts only `h2` by ALPN. */
export async function startHttp2Proxy(
  target: string,
  tls?: { readonly key: string; readonly cert: string },
): Promise<Http2Proxy> {
  const upstream = http2.connect(target).on("error", () => undefined);
  const requests: string[] = [];
  const received: http2.IncomingHttpHeaders[] = [];
  let connections = 0;
  const server =
    tls === undefined
      ? http2.createServer()
      : http2.createSecureServer({ ...tls, ALPNProtocols: ["h2"] });
  server.on("connection", () => connections++);
  server.on("stream", (stream, headers) => {
    requests.push(`${headers[":method"]} ${headers[":path"]} ${headers[":authority"]}`);
    received.push(headers);
    const scheme = tls === undefined ? "http" : "https";
    forward(stream, upstream, { ...headers, "x-forwarded-proto": scheme });
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    port,
    get connections() {
      return connections;
    },
    requests,
    headers: received,
    async [Symbol.asyncDispose]() {
      upstream.destroy();
      await close();
    },
  };
}

function forward(
  stream: http2.ServerHttp2Stream,
  upstream: http2.ClientHttp2Session,
  headers: http2.IncomingHttpHeaders,
): void {
  const request = upstream.request({ ...headers, ":scheme": "http" }, { endStream: false });
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on("error", () => request.destroy());
  request.on("error", () => stream.destroy());
  // A connection that ends closes its streams without an error.
  request.on("close", () => {
    if (!stream.headersSent) {
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    }
  });
  request.on("trailers", (received) => (trailers = received));
  request.on("response", (response) => {
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.respond(response, { waitForTrailers: true });
    request.pipe(stream);
  });
  stream.pipe(request);
}
