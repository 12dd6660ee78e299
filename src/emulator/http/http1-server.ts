import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type BrokenConnection, isBrokenConnection } from "../wire/broken-connection.js";
import type { WireResponse } from "../wire/http-message.js";
import { createPlainTextResponse } from "../wire/plain-text-response.js";
import { isMalformedTarget } from "../wire/request-path.js";
import type { ConnectionLimits } from "./connection-limits.js";
import { toHeaderList, toNodeHeaders } from "./header-list.js";
import { type RequestBodyReader, UnreadBodyError } from "./request-body.js";
import type { RequestHandler } from "./request-handler.js";
import { isLocalSocket } from "./is-local-socket.js";
import { resetSocket } from "./reset-socket.js";
import { sendHttp10Response } from "./send-http10-response.js";

/** Creates an HTTP/1.1 server that receives its connections by `server.emit("connection", socket)`. */
export function createHttp1Server(
  handleRequest: RequestHandler,
  readBody: RequestBodyReader,
  limits: ConnectionLimits,
): Server {
  const server = createServer(
    {
      maxHeaderSize: 1024 * 1024,
      // `serveRequest` checks the Host header, because Node's own response has no text.
      requireHostHeader: false,
      headersTimeout: limits.headMs,
      requestTimeout: limits.headMs + limits.bodyMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: Math.min(limits.headMs, 5000),
    },
    (request, response) => {
      serveRequest(request, response, { handleRequest, readBody, limits }).catch(() =>
        response.destroy(),
      );
    },
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    rejectRequest(socket as Socket, statusLines[error.code ?? ""] ?? badRequestStatus, limits);
  });
  // Node begins to check for slow requests when a server listens, and this server never listens itself.
  server.emit("listening");
  return server;
}

const badRequestStatus = "400 Bad Request";

/** The status lines by Node's error codes. */
const statusLines: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  HPE_INVALID_VERSION: "505 HTTP Version Not Supported: unsupported protocol version",
};

/** Responds to bytes that are not an HTTP request, with the texts of Go's server, and ends the connection. */
function rejectRequest(socket: Socket, status: string, { lingerMs }: ConnectionLimits): void {
  if (socket.writable) {
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`,
    );
  }
  // Give a client that is still sending time to read the response before the connection is cut.
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/** The parts of a server that serve one request. */
interface ServerParts {
  readonly handleRequest: RequestHandler;
  readonly readBody: RequestBodyReader;
  readonly limits: ConnectionLimits;
}

/** Reads a request, passes it to `handleRequest`, and sends the response or breaks the connection. */
async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { handleRequest, readBody, limits }: ServerParts,
): Promise<void> {
  const { socket } = request;
  const hosts = request.headersDistinct["host"] ?? [];
  if (hosts.length > 1 || (hosts.length === 0 && request.httpVersion === "1.1")) {
    const reason = hosts.length > 1 ? "too many Host headers" : "missing required Host header";
    rejectRequest(socket, `${badRequestStatus}: ${reason}`, limits);
    return;
  }
  if (isMalformedTarget(request.url ?? "")) {
    rejectRequest(socket, badRequestStatus, limits);
    return;
  }
  const disconnected = new AbortController();
  response.once("close", () => disconnected.abort());
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = await readBody(request);
  } catch (error) {
    const status = error instanceof UnreadBodyError ? error.status : undefined;
    if (status === undefined) {
      socket.destroy();
    } else {
      const unread = createPlainTextResponse(status, "the request was not read to its end");
      sendHttp1Response(request, response, unread, limits);
    }
    return;
  }
  const outcome = await handleRequest(
    {
      method: request.method ?? "",
      target: request.url ?? "",
      httpVersion: 1,
      authority: hosts[0] ?? "",
      isLocal: isLocalSocket(socket),
      headers: toHeaderList(request.rawHeaders),
      body,
    },
    disconnected.signal,
  );
  if (isBrokenConnection(outcome)) {
    breakConnection(request, response, outcome, limits);
  } else {
    sendHttp1Response(request, response, outcome, limits);
  }
}

/** Breaks the connection of a request as a fault demands. HTTP/1.1 has no streams, so most faults close it. */
function breakConnection(
  request: IncomingMessage,
  response: ServerResponse,
  broken: BrokenConnection,
  limits: ConnectionLimits,
): void {
  const { socket } = request;
  if (broken.brokenBy === "goaway" && broken.response !== undefined) {
    response.shouldKeepAlive = false;
    sendHttp1Response(request, response, broken.response, limits);
  } else if (broken.brokenBy === "cut") {
    setResponseHead(response, broken.response);
    response.flushHeaders();
    const start = broken.response.body?.subarray(0, broken.bytes) ?? "";
    response.write(start, () => socket.destroySoon());
  } else if (broken.brokenBy === "reset") {
    resetSocket(socket);
  } else {
    socket.destroySoon();
  }
}

function sendHttp1Response(
  request: IncomingMessage,
  response: ServerResponse,
  wireResponse: WireResponse,
  { lingerMs }: ConnectionLimits,
): void {
  if (request.httpVersion === "1.0") {
    sendHttp10Response(request, wireResponse, findBodyLength(wireResponse));
    return;
  }
  if (wireResponse.isOpen) {
    setResponseHead(response, wireResponse);
    response.write(wireResponse.body);
    return;
  }
  if (request.complete) {
    setResponseHead(response, wireResponse);
    response.end(wireResponse.body ?? "");
    return;
  }
  // The client is still sending. Give the client time to read the response before the connection ends.
  response.shouldKeepAlive = false;
  setResponseHead(response, wireResponse);
  response.write(wireResponse.body ?? "");
  const timer = setTimeout(() => response.end(), lingerMs).unref();
  request.once("close", () => {
    clearTimeout(timer);
    response.end();
  });
}

/** Sets the headers of a response as Go's server does, which adds `connection` only to end a connection. */
function setResponseHead(response: ServerResponse, wireResponse: WireResponse): void {
  const { status, headers, isLast = false, isUndated = false } = wireResponse;
  response.statusCode = status;
  for (const [name, values] of Object.entries(toNodeHeaders(headers))) {
    response.setHeader(name, values);
  }
  response.sendDate = !isUndated;
  response.shouldKeepAlive &&= !isLast;
  if (response.shouldKeepAlive) {
    response.removeHeader("connection");
  }
  setBodyLength(response, wireResponse);
}

/** Sets the header that shows where the body ends. */
function setBodyLength(response: ServerResponse, wireResponse: WireResponse): void {
  const length = findBodyLength(wireResponse);
  if (length !== undefined) {
    response.setHeader("content-length", length);
  } else if (wireResponse.status !== 204) {
    response.setHeader("transfer-encoding", "chunked");
  }
}

/** Returns the length of a body if Go's server knows the length before it sends the head. */
function findBodyLength({ status, body, isStreamed }: WireResponse): number | undefined {
  const length = body?.length ?? 0;
  return status === 204 || isStreamed || length > maxBufferedBytes ? undefined : length;
}

/** The length up to which Go's server buffers a body, and so knows its length before the head of the response is sent. */
const maxBufferedBytes = 2048;
