import {
  constants,
  createServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";
import type { Respond } from "../respond.js";
import type { WireResponse } from "../wire/exchange.js";
import { isBreakage, type Outcome } from "../wire/outcome.js";
import { plainText } from "../wire/rest.js";
import { type ReadBody, UnreadBody } from "./body.js";
import { grouped, pairs } from "./headers.js";
import { isReflection, serveReflection } from "./reflection-stream.js";
import { reset } from "./reset.js";
import type { Limits } from "./limits.js";

/** The real server's HTTP/2 settings. */
const settings = {
  maxConcurrentStreams: 250,
  initialWindowSize: 1024 * 1024,
  maxFrameSize: 1024 * 1024,
  maxHeaderListSize: 1_048_896,
};

interface Connection {
  readonly socket: Socket;
  /** True while a ping waits for its reply. */
  asked: boolean;
  /** True after a GOAWAY was sent: the connection accepts no new streams. */
  leaving: boolean;
  /** The highest accepted stream id. A GOAWAY with a lower id would deny calls that are being carried out. */
  highest: number;
}

/** An HTTP/2 server that receives its connections from the caller. */
export interface Http2 {
  serve(socket: Socket): void;
  close(): void;
}

/** Creates the server for connections that use HTTP/2. */
export function createHttp2(respond: Respond, readBody: ReadBody, limits: Limits): Http2 {
  const connections = new Map<Http2Session, Connection>();
  let arriving: Socket;
  const server = createServer({ settings });
  // Node emits "session" synchronously during `server.emit("connection")`, so `arriving` is the socket of this session.
  server.on("session", (session) => {
    connections.set(session, { socket: arriving, asked: false, leaving: false, highest: 0 });
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
      if (connection === undefined || connection.leaving) {
        stream.close(constants.NGHTTP2_REFUSED_STREAM);
        return;
      }
      connection.highest = stream.id ?? 0;
      if (isReflection(headers)) {
        serveReflection(stream, headers).catch(() => stream.close(constants.NGHTTP2_CANCEL));
        return;
      }
      serve(stream, headers, rawHeaders, respond, readBody)
        .then((outcome) => outcome && answer(stream, connection, outcome, limits))
        .catch(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    },
  );
  // After a protocol error node:http2 neither reads nor ends a connection, and does not notice when the peer disconnects. The
  // pings find such connections.
  const watch = setInterval(() => {
    for (const [session, connection] of connections) {
      if (connection.asked) {
        connection.socket.destroy();
      } else {
        connection.asked = true;
        session.ping(() => (connection.asked = false));
      }
    }
  }, limits.silenceMs).unref();
  return {
    serve(socket) {
      arriving = socket;
      server.emit("connection", socket);
    },
    close: () => clearInterval(watch),
  };
}

async function serve(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: string[],
  respond: Respond,
  readBody: ReadBody,
): Promise<Outcome | undefined> {
  const gone = new AbortController();
  stream.once("close", () => gone.abort());
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = await readBody(stream);
  } catch (error) {
    const status = error instanceof UnreadBody ? error.status : undefined;
    return status && plainText(status, "the request was not read to its end");
  }
  return respond(
    {
      method: String(headers[":method"]),
      target: String(headers[":path"]),
      httpVersion: 2,
      authority: headers[":authority"] ?? headers.host ?? "",
      headers: pairs(rawHeaders).filter(([name]) => !name.startsWith(":")),
      body,
    },
    gone.signal,
  );
}

function answer(
  stream: ServerHttp2Stream,
  connection: Connection,
  outcome: Outcome,
  limits: Limits,
): void {
  const { socket } = connection;
  if (stream.destroyed) {
    return;
  }
  if (!isBreakage(outcome)) {
    respondWith(stream, outcome, limits);
    return;
  }
  switch (outcome.breakage) {
    case "close":
      socket.destroySoon();
      break;
    case "reset":
      reset(socket);
      break;
    case "refuse":
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      break;
    case "cut": {
      const { answer: whole, bytes } = outcome;
      stream.respond(head(whole));
      stream.write(whole.body?.subarray(0, bytes) ?? "", () => socket.destroySoon());
      break;
    }
    case "goaway":
      leave(stream, connection, outcome.covered);
      if (outcome.answer !== undefined) {
        respondWith(stream, outcome.answer, limits);
      } else if (outcome.covered) {
        socket.destroySoon();
      }
      break;
  }
}

/**
 * Sends one GOAWAY for the connection, and refuses the stream if `covered` is false. The GOAWAY itself refuses the stream if no
 * later stream was accepted.
 */
function leave(stream: ServerHttp2Stream, connection: Connection, covered: boolean): void {
  const isLast = stream.id === connection.highest;
  if (!connection.leaving) {
    connection.leaving = true;
    connection.socket.write(
      goaway(covered || !isLast ? connection.highest : connection.highest - 2),
    );
    if (!covered && isLast) {
      return;
    }
  }
  if (!covered) {
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
  }
}

/** Encodes a GOAWAY frame. It bypasses node:http2, which cannot name stream 0 and would name all streams again on close. */
function goaway(lastStreamId: number): Buffer {
  const frame = Buffer.alloc(17);
  frame.writeUIntBE(8, 0, 3);
  frame[3] = 7;
  frame.writeUInt32BE(Math.max(0, lastStreamId), 9);
  return frame;
}

function respondWith(stream: ServerHttp2Stream, response: WireResponse, { bodyMs }: Limits): void {
  const { body, trailers } = response;
  stream.respond(head(response), { waitForTrailers: trailers !== undefined });
  if (trailers !== undefined) {
    stream.once("wantTrailers", () => stream.sendTrailers(grouped(trailers)));
  }
  stream.end(body);
  if (!stream.readableEnded) {
    // Discard what the client still sends, for at most `bodyMs`: some clients do not read a response before they have sent
    // everything.
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), bodyMs).unref();
    stream.once("close", () => clearTimeout(timer));
  }
}

function head({ status, headers }: WireResponse): Record<string, number | string | string[]> {
  return { ...grouped(headers), ":status": status };
}
