import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Respond } from "../respond.js";
import type { WireResponse } from "../wire/exchange.js";
import { isBreakage } from "../wire/outcome.js";
import { plainText } from "../wire/rest.js";
import { type ReadBody, UnreadBody } from "./body.js";
import { grouped, pairs } from "./headers.js";
import type { Limits } from "./limits.js";
import { reset } from "./reset.js";

/** Creates an HTTP/1.1 server that receives its connections by `server.emit("connection", socket)`. */
export function createHttp1(respond: Respond, readBody: ReadBody, limits: Limits): Server {
  const server = createServer(
    {
      maxHeaderSize: 1024 * 1024,
      // `serve` checks the Host header, because Node's own response has no text.
      requireHostHeader: false,
      headersTimeout: limits.headMs,
      requestTimeout: limits.headMs + limits.bodyMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: Math.min(limits.headMs, 5000),
    },
    (request, response) => {
      serve(request, response, respond, readBody, limits).catch(() => response.destroy());
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    refuse(socket as Socket, refusals[error.code ?? ""] ?? badRequest, limits);
  });
  // Node starts to look for slow requests when a server listens, and this server never listens itself.
  server.emit("listening");
  return server;
}

const badRequest = "400 Bad Request";

/** The status lines by Node's error codes. */
const refusals: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_INVALID_VERSION: "505 HTTP Version Not Supported: unsupported protocol version",
};

/** Responds to bytes that are not an HTTP request, with the texts of Go's server, and ends the connection. */
function refuse(socket: Socket, status: string, { lingerMs }: Limits): void {
  if (socket.writable) {
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
    );
  }
  // Give a client that is still sending time to read the response before the connection is cut.
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  respond: Respond,
  readBody: ReadBody,
  limits: Limits,
): Promise<void> {
  const { socket } = request;
  const hosts = request.headersDistinct["host"] ?? [];
  if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion === "1.1")) {
    const reason = hosts.length > 1 ? "too many Host headers" : "missing required Host header";
    refuse(socket, `${badRequest}: ${reason}`, limits);
    return;
  }
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = await readBody(request);
  } catch (error) {
    const status = error instanceof UnreadBody ? error.status : undefined;
    if (status === undefined) {
      socket.destroy();
    } else {
      answer(request, response, plainText(status, "the request was not read to its end"), limits);
    }
    return;
  }
  const outcome = await respond(
    {
      method: request.method ?? "",
      target: request.url ?? "",
      httpVersion: 1,
      authority: hosts[0] ?? "",
      headers: pairs(request.rawHeaders),
      body,
    },
    gone.signal,
  );
  if (!isBreakage(outcome)) {
    answer(request, response, outcome, limits);
  } else if (outcome.breakage === "goaway" && outcome.answer !== undefined) {
    response.shouldKeepAlive = false;
    answer(request, response, outcome.answer, limits);
  } else if (outcome.breakage === "cut") {
    const { answer: whole, bytes } = outcome;
    setHead(response, whole);
    setLength(response, whole);
    response.flushHeaders();
    response.write(whole.body?.subarray(0, bytes) ?? "", () => socket.destroySoon());
  } else if (outcome.breakage === "reset") {
    reset(socket);
  } else {
    socket.destroySoon();
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  wire: WireResponse,
  { lingerMs }: Limits,
): void {
  setHead(response, wire);
  if (request.complete) {
    response.end(wire.body ?? "");
    return;
  }
  // The client is still sending. Give the client time to read the response before the connection ends.
  response.shouldKeepAlive = false;
  setLength(response, wire);
  response.write(wire.body ?? "");
  const timer = setTimeout(() => response.end(), lingerMs).unref();
  request.once("close", () => {
    clearTimeout(timer);
    response.end();
  });
}

function setHead(response: ServerResponse, { status, headers }: WireResponse): void {
  response.statusCode = status;
  for (const [name, values] of Object.entries(grouped(headers))) {
    response.setHeader(name, values);
  }
}

function setLength(response: ServerResponse, { body }: WireResponse): void {
  response.setHeader("content-length", body?.length ?? 0);
}
