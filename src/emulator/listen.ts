import {
  createServer as createHttp1Server,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import {
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { createServer, type Socket } from "node:net";
import type { Listener, ListenOptions } from "./emulator.js";
import type { HeaderList, WireRequest, WireResponse } from "./wire/exchange.js";

type Respond = (request: WireRequest) => Promise<WireResponse>;

/** What every HTTP/2 client sends first. */
const http2Preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** How long a connection may stay silent before it says which HTTP it speaks. */
const undecidedTimeoutMs = 10_000;

/** The server's own settings. */
const http2Settings = {
  maxConcurrentStreams: 250,
  initialWindowSize: 1024 * 1024,
  maxFrameSize: 1024 * 1024,
  maxHeaderListSize: 1_048_896,
};

/** Listens on one port for HTTP/1.1 and for HTTP/2 with prior knowledge, as the server without TLS does. */
export async function listen(
  respond: Respond,
  domain: string,
  options: ListenOptions,
): Promise<Listener> {
  const { port = 0, host = "127.0.0.1" } = options;
  const http1 = createHttp1Server({ maxHeaderSize: 1024 * 1024 }, (request, response) => {
    serveHttp1(request, response, respond).catch(() => response.destroy());
  });
  http1.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status =
      error.code === "HPE_HEADER_OVERFLOW"
        ? "431 Request Header Fields Too Large"
        : "400 Bad Request";
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
    );
  });
  const http2 = createHttp2Server({ settings: http2Settings });
  http2.on(
    "stream",
    (
      stream: ServerHttp2Stream,
      headers: IncomingHttpHeaders,
      _flags: number,
      rawHeaders: string[],
    ) => {
      // A client that goes away in the middle of a call is no error here.
      stream.on("error", () => undefined);
      serveHttp2(stream, headers, rawHeaders, respond).catch(() => stream.close());
    },
  );
  http2.on("sessionError", () => undefined);

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    decide(socket, (speaksHttp2) => (speaksHttp2 ? http2 : http1).emit("connection", socket));
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

/** Waits for enough bytes to tell HTTP/2 from HTTP/1.1, and puts them back. */
function decide(socket: Socket, decided: (speaksHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  socket.setTimeout(undecidedTimeoutMs, () => socket.destroy());
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

async function serveHttp1(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
): Promise<void> {
  const answer = await respond({
    method: request.method ?? "",
    target: request.url ?? "",
    httpVersion: 1,
    authority: request.headers.host ?? "",
    headers: pairs(request.rawHeaders),
    body: await readAll(request),
  });
  response.statusCode = answer.status;
  for (const [name, values] of grouped(answer.headers)) {
    response.setHeader(name, values);
  }
  response.end(answer.body ?? "");
}

async function serveHttp2(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: string[],
  respond: Respond,
): Promise<void> {
  const answer = await respond({
    method: String(headers[":method"]),
    target: String(headers[":path"]),
    httpVersion: 2,
    authority: headers[":authority"] ?? headers.host ?? "",
    headers: pairs(rawHeaders).filter(([name]) => !name.startsWith(":")),
    body: await readAll(stream),
  });
  if (stream.destroyed) {
    return;
  }
  const { trailers } = answer;
  stream.respond(
    { ":status": answer.status, ...Object.fromEntries(grouped(answer.headers)) },
    { waitForTrailers: trailers !== undefined },
  );
  if (trailers !== undefined) {
    stream.once("wantTrailers", () => stream.sendTrailers(Object.fromEntries(grouped(trailers))));
  }
  stream.end(answer.body);
}

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) {
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** Node lists headers as name, value, name, value. */
function pairs(raw: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    list.push([(raw[index] ?? "").toLowerCase(), raw[index + 1] ?? ""]);
  }
  return list;
}

function grouped(headers: HeaderList): [string, string | string[]][] {
  const byName = new Map<string, string[]>();
  for (const [name, value] of headers) {
    byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return [...byName].map(([name, values]) => [
    name,
    values.length === 1 ? (values[0] ?? "") : values,
  ]);
}
