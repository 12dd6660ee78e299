import * as http from "node:http";
import * as http2 from "node:http2";
import * as https from "node:https";
import * as net from "node:net";
import type { Protocol } from "zitadel-idp";
import { listenOnLoopback, type RunningServer } from "./listen-on-loopback.js";

/** A response of a server that is not ZITADEL. */
export interface FixedResponse {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly trailers?: Record<string, string>;
}

/** A page of a web server or a proxy. */
export const welcomePage =
  "<!doctype html><html><title>Welcome</title><body>It works!</body></html>";

/** A page of a proxy that protects the API. */
export const loginPage = `<!doctype html><html><title>Sign in</title>
  <form action="/x" method="post"><input name="u"><input type="password" name="p"></form></html>`;

/** Starts a server that sends the same response to every request, in the HTTP version of the protocol. */
export async function startFixedServer(
  protocol: Protocol,
  response: FixedResponse,
): Promise<RunningServer> {
  return protocol === "grpc" ? await startHttp2Server(response) : await startHttp1Server(response);
}

export async function startHttp1Server({
  status,
  headers,
  body,
}: FixedResponse): Promise<RunningServer> {
  return await listenOnLoopback(
    http.createServer((request, response) => {
      request.resume();
      response.writeHead(status, headers);
      response.end(body);
    }),
  );
}

async function startHttp2Server({
  status,
  headers,
  body = "",
  trailers,
}: FixedResponse): Promise<RunningServer> {
  return await listenOnLoopback(
    http2.createServer().on("stream", (stream) => {
      stream.on("error", () => undefined);
      stream.respond(
        { ":status": status, ...headers },
        { waitForTrailers: trailers !== undefined },
      );
      stream.on("wantTrailers", () => stream.sendTrailers(trailers ?? {}));
      stream.end(body);
    }),
  );
}

/** Starts a server with TLS, for HTTP/2 only (`grpc`) or for HTTP/1 only. */
export async function startTlsServer(
  protocol: Protocol,
  credentials: { key: string; cert: string },
): Promise<RunningServer> {
  return await listenOnLoopback(
    protocol === "grpc"
      ? http2.createSecureServer(credentials)
      : https.createServer(credentials, (_, response) => response.end()),
  );
}

/** Starts a server that sends the same bytes to every client after its first bytes, and closes the connection. */
export async function startBytesServer(bytes: string | Uint8Array): Promise<RunningServer> {
  return await listenOnLoopback(
    net.createServer((socket) => socket.once("data", () => socket.end(bytes))),
  );
}

/** Creates a key and a self-signed certificate for localhost. */
export async function createSelfSigned(): Promise<{ key: string; cert: string }> {
  await import("reflect-metadata");
  const { X509CertificateGenerator, PemConverter, SubjectAlternativeNameExtension } =
    await import("@peculiar/x509");
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=localhost",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  const pkcs8 = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { key: PemConverter.encode(pkcs8, "PRIVATE KEY"), cert: certificate.toString("pem") };
}
