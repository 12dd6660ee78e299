import * as http from "node:http";
import * as http2 from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { ErrorDetailSchema } from "../../gen/zitadel/message_pb.js";
import { listenOnLoopback, type RunningServer } from "../support/listen-on-loopback.js";
import { quotes } from "./quotes.js";

/** The header that selects the response and the way of quoting: `page; as it is`. */
export const echoHeader = "x-echo";

/** The parts of a request that a response repeats. */
interface EchoedRequest {
  readonly type: string;
  readonly quote: (bytes: Uint8Array) => string;
  readonly body: Uint8Array;
  /** The header lines and the body, quoted. */
  readonly all: string;
  readonly authorization: string;
}

interface EchoResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array;
  /** Ends the connection within the body. */
  readonly cut?: boolean;
}

/** The responses that repeat requests: pages of proxies, errors of the API, redirects, and unreadable responses. */
export const echoResponses: Readonly<Record<string, (heard: EchoedRequest) => EchoResponse>> = {
  page: ({ all }) => ({
    status: 502,
    headers: { "content-type": "text/html" },
    body: `<html><title>502</title><pre>${all}</pre></html>`,
  }),
  "login page": ({ all }) => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: `<html><title>Sign in</title><input type="password" value="${all}"></html>`,
  }),
  "proxy's JSON": ({ all }) => ({
    status: 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ message: `bad request: ${all}`, request: all }),
  }),
  "ZITADEL's error": ({ type, all }) => createZitadelError(type, all),
  "error of OAuth": ({ all }) => ({
    status: 401,
    headers: { "content-type": "application/json", "www-authenticate": toHeaderValue(all) },
    body: JSON.stringify({ error: all, error_description: all }),
  }),
  headers: ({ all, quote, authorization }) => ({
    status: 500,
    headers: {
      "content-type": `text/${toHeaderValue(quote(Buffer.from(authorization)))}; a=${toHeaderValue(all)}`,
      "set-cookie": toHeaderValue(all),
      "x-request": toHeaderValue(all),
      "x-request-bin": Buffer.from(all).toString("base64"),
      "grpc-message": `%zz${encodeURIComponent(all)}`.slice(0, 8000),
    },
    body: all,
  }),
  redirect: ({ all, authorization }) => ({
    status: 302,
    headers: {
      location: `https://user:${encodeURIComponent(authorization)}@accounts.example/login?to=${encodeURIComponent(all)}#${encodeURIComponent(authorization)}`,
    },
    body: all,
  }),
  "redirect to a host": ({ authorization }) => {
    const [, token = "other"] = /^Bearer ([\w.]+)$/.exec(authorization) ?? [];
    return {
      status: 307,
      headers: { location: `https://${token}.example/x` },
      body: "",
    };
  },
  "neither JSON nor a frame": ({ type, all }) => ({
    status: 200,
    headers: { "content-type": type },
    body: `{"id": ${all}`,
  }),
  "wrong types": ({ type, all }) => ({
    status: 200,
    headers: { "content-type": type },
    body: type.startsWith("application/grpc")
      ? // A field of every wire type, cut off after its text.
        encodeEnvelope(0, Buffer.concat([Buffer.from([0x0a, 0x7f, 0x0b, 0x7f]), Buffer.from(all)]))
      : JSON.stringify({
          id: all,
          details: { sequence: all, creationDate: all },
          result: all,
          idp: all,
          [all]: all,
        }),
  }),
  "half a response": ({ type, all }) => ({
    status: 200,
    headers: { "content-type": type },
    body: `{"id": ${JSON.stringify(all)}`,
    cut: true,
  }),
};

/** Returns an error of the API in the form of the request's protocol. */
function createZitadelError(type: string, text: string): EchoResponse {
  const error = new ConnectError(text, Code.FailedPrecondition, undefined, [
    { desc: ErrorDetailSchema, value: { id: `ECHO-${text}`, message: text } },
  ]);
  if (!type.startsWith("application/grpc")) {
    const detail = {
      "@type": "type.googleapis.com/zitadel.v1.ErrorDetail",
      id: "ECHO-1",
      message: text,
    };
    const unknown = { "@type": `type.example/${toHeaderValue(text)}`, [text]: text };
    return {
      status: 400,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: error.code, message: text, details: [detail, unknown] }),
    };
  }
  const headers = new Headers({ "content-type": type });
  setTrailerStatus(headers, error);
  return { status: 200, headers: Object.fromEntries(headers), body: "" };
}

/** Replaces the characters that a header may not have. */
function toHeaderValue(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 4000);
}

/** Starts a server that repeats every request, over HTTP/1 or HTTP/2. */
export async function startEchoServer(version: 1 | 2): Promise<RunningServer> {
  if (version === 1) {
    return await listenOnLoopback(
      http.createServer({ maxHeaderSize: 65_536 }, (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const { status, headers, body, cut } = createResponse(
            request.headers,
            Buffer.concat(chunks),
          );
          response.writeHead(status, { ...headers, ...(cut && { "content-length": "100000" }) });
          response.write(body);
          if (cut) {
            response.flushHeaders();
            setImmediate(() => response.destroy());
          } else {
            response.end();
          }
        });
      }),
    );
  }
  return await listenOnLoopback(
    http2.createServer().on("stream", (stream, received) => {
      const chunks: Buffer[] = [];
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { status, headers, body, cut } = createResponse(received, Buffer.concat(chunks));
        stream.respond({ ":status": status, ...headers });
        stream.write(body);
        if (cut) {
          setImmediate(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
        } else {
          stream.end();
        }
      });
    }),
  );
}

function createResponse(headers: http.IncomingHttpHeaders, body: Buffer): EchoResponse {
  const [how = "", quoted = ""] = String(headers[echoHeader]).split("; ");
  const quote = quotes[quoted];
  const echo = echoResponses[how];
  if (quote === undefined || echo === undefined) {
    throw new Error(`unknown echo "${how}" or quotation "${quoted}"`);
  }
  const { authorization = "" } = headers;
  // The content of the gRPC frame, without its length.
  const content = String(headers["content-type"]).startsWith("application/grpc")
    ? body.subarray(5)
    : body;
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${String(value)}\n`)
    .join("");
  return echo({
    type: headers["content-type"] ?? "application/json",
    quote,
    body: content,
    authorization,
    all: `${quote(Buffer.from(head))} ${quote(content)}`,
  });
}
