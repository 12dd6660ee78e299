import {
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import {
  type BrokenConnection,
  isBrokenConnection,
  type RequestOutcome,
} from "../wire/broken-connection.js";
import type { WireResponse } from "../wire/http-message.js";
import { createPlainTextResponse } from "../wire/plain-text-response.js";
import type { ConnectionLimits } from "./connection-limits.js";
import { discardRest } from "./discard-rest.js";
import { type Http2ConnectionState, sendGoaway } from "./send-goaway.js";
import { toHeaderList, toNodeHeaders } from "./header-list.js";
import { findReflectionProtocol, serveReflection } from "./reflection-stream.js";
import { isLocalSocket } from "./is-local-socket.js";
import { type RequestBodyReader, UnreadBodyError } from "./request-body.js";
import type { RequestHandler } from "./request-handler.js";
import { resetSocket } from "./reset-socket.js";

/** The real server's HTTP/2 settings. */
const http2Settings = {
  maxConcurrentStreams: 250,
  initialWindowSize: 1024 * 1024,
  maxFrameSize: 1024 * 1024,
  maxHeaderListSize: 1_048_896,
};

/**
 * The validation of headers. Go's server keeps values that begin or end with blanks. Node 22 and later do so with this option, and
 * Node 20 drops these headers.
 */
const headerValidation = { strictFieldWhitespaceValidation: false };

/** An HTTP/2 server that receives its connections from the caller. */
interface Http2Acceptor {
  accept(socket: Socket): void;
  close(): void;
}

/** Creates the server for connections that use HTTP/2. */
export function createHttp2Server(
  handleRequest: RequestHandler,
  readBody: RequestBodyReader,
  limits: ConnectionLimits,
): Http2Acceptor {
  const connections = new Map<Http2Session, Http2ConnectionState>();
  let acceptedSocket: Socket;
  const server = createServer({ settings: http2Settings, ...headerValidation });
  // Node emits "session" synchronously during `server.emit("connection")`, so `acceptedSocket` is the socket of this session.
  server.on("session", (session) => {
    connections.set(session, {
      socket: acceptedSocket,
      isPingPending: false,
      isGoawaySent: false,
      lastStreamId: 0,
    });
    session.once("close", () => connections.delete(session));
  });
  server.on("sessionError", () => undefined);
  server.on(
    "stream",
    (
      stream: ServerHttp2Stream,
      headers: IncomingHttpHeaders,
      _flags: number,
      rawHeaders: string[],
    ) => {
      // Ignore a client that disconnects in the middle of a call.
      stream.on("error", () => undefined);
      const connection = stream.session && connections.get(stream.session);
      if (connection === undefined || connection.isGoawaySent) {
        stream.close(constants.NGHTTP2_REFUSED_STREAM);
        return;
      }
      connection.lastStreamId = stream.id ?? 0;
      const reflection = findReflectionProtocol(headers);
      if (reflection !== undefined) {
        serveReflection(stream, headers, reflection, limits).catch(() =>
          stream.close(constants.NGHTTP2_CANCEL),
        );
        return;
      }
      handleStream(stream, headers, rawHeaders, handleRequest, readBody)
        .then((outcome) => outcome && sendOutcome(stream, connection, outcome, limits))
        .catch(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    },
  );
  const pingTimer = pingRegularly(connections, limits);
  return {
    accept(socket) {
      acceptedSocket = socket;
      server.emit("connection", socket);
    },
    close: () => clearInterval(pingTimer),
  };
}

/**
 * Pings all connections at an interval, and destroys those that did not reply to the previous ping.
 *
 * After a protocol error node:http2 neither reads nor ends a connection, and does not notice when the peer disconnects. The pings
 * find such connections.
 */
function pingRegularly(
  connections: ReadonlyMap<Http2Session, Http2ConnectionState>,
  { pingIntervalMs }: ConnectionLimits,
): NodeJS.Timeout {
  return setInterval(() => {
    for (const [session, connection] of connections) {
      if (connection.isPingPending) {
        connection.socket.destroy();
      } else if (!session.destroyed) {
        connection.isPingPending = true;
        session.ping(() => (connection.isPingPending = false));
      }
    }
  }, pingIntervalMs).unref();
}

/** Reads a request and passes it to `handleRequest`. Returns `undefined` if the client disconnected. */
async function handleStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: string[],
  handleRequest: RequestHandler,
  readBody: RequestBodyReader,
): Promise<RequestOutcome | undefined> {
  const disconnected = new AbortController();
  stream.once("close", () => disconnected.abort());
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = await readBody(stream);
  } catch (error) {
    const status = error instanceof UnreadBodyError ? error.status : undefined;
    return status && createPlainTextResponse(status, "the request was not read to its end");
  }
  return handleRequest(
    {
      method: String(headers[":method"]),
      target: String(headers[":path"]),
      httpVersion: 2,
      authority: headers[":authority"] ?? headers.host ?? "",
      isLocal: isLocalSocket(stream.session?.socket),
      headers: toHeaderList(rawHeaders).filter(([name]) => !name.startsWith(":")),
      body,
    },
    disconnected.signal,
  );
}

/** Sends a response, or breaks the connection or the stream as a fault demands. */
function sendOutcome(
  stream: ServerHttp2Stream,
  connection: Http2ConnectionState,
  outcome: RequestOutcome,
  limits: ConnectionLimits,
): void {
  if (!isBrokenConnection(outcome)) {
    if (!stream.destroyed) {
      sendHttp2Response(stream, outcome, limits);
    }
    return;
  }
  // Outside of the events of the session: the process crashes if Node.js 20 destroys a session while it reads further requests.
  setImmediate(() => {
    if (!stream.destroyed) {
      breakConnection(stream, connection, outcome, limits);
    }
  });
}

/** Breaks the connection or the stream of a request as a fault demands. */
function breakConnection(
  stream: ServerHttp2Stream,
  connection: Http2ConnectionState,
  broken: BrokenConnection,
  limits: ConnectionLimits,
): void {
  const { socket } = connection;
  switch (broken.brokenBy) {
    case "close":
      socket.destroySoon();
      break;
    case "reset":
      resetSocket(socket);
      break;
    case "refused-stream":
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      break;
    case "cut": {
      const { response, bytes } = broken;
      respond(stream, response);
      stream.write(response.body?.subarray(0, bytes) ?? "", () =>
        setImmediate(() => socket.destroySoon()),
      );
      break;
    }
    case "goaway":
      sendGoaway(stream, connection, broken.covered);
      if (broken.response !== undefined) {
        sendHttp2Response(stream, broken.response, limits);
      } else if (broken.covered) {
        socket.destroySoon();
      }
      break;
  }
}

function sendHttp2Response(
  stream: ServerHttp2Stream,
  response: WireResponse,
  limits: ConnectionLimits,
): void {
  const { body, trailers, isOpen = false } = response;
  respond(stream, response);
  if (isOpen) {
    stream.write(body);
    return;
  }
  if (trailers !== undefined) {
    stream.once("wantTrailers", () => stream.sendTrailers(toNodeHeaders(trailers)));
  }
  stream.end(body);
  discardRest(stream, limits);
}

/** Sends the head of a response. */
function respond(
  stream: ServerHttp2Stream,
  { status, headers, body, trailers, isStreamed, isUndated = false }: WireResponse,
): void {
  const length = body?.length ?? 0;
  const hasLength = !isStreamed && status !== 204 && length <= maxBufferedBytes;
  // The type of the options lacks `sendDate`, which Node's own `Http2ServerResponse` passes.
  const options = { waitForTrailers: trailers !== undefined, sendDate: !isUndated };
  stream.respond(
    {
      ...toNodeHeaders(headers),
      ...(hasLength && { "content-length": length }),
      ":status": status,
    },
    options,
  );
}

/** The length up to which Go's server buffers a body, and so knows its length before the head of the response is sent. */
const maxBufferedBytes = 4096;
