import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Server } from "node:net";
import type { Writable } from "node:stream";
import { listenOnLoopback } from "./listen-on-loopback.js";

/** A server whose responses never end by themselves. */
export interface EndlessServer extends AsyncDisposable {
  readonly url: string;
  /** The number of requests so far. */
  readonly requests: number;
  /** The number of bytes of bodies that were written so far. */
  readonly sentBytes: number;
  /** A promise that resolves when the client ends the first response: closes its connection, or resets its stream. */
  readonly ended: Promise<void>;
}

/** The endless response of a server. */
export interface EndlessAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** The beginning of the body. */
  readonly start?: Uint8Array;
  /** The rest of the body, which repeats endlessly. Default: 64 KiB of blanks. An empty chunk means silence. */
  readonly chunk?: Uint8Array;
  /** True to serve HTTP/2 without TLS. */
  readonly http2?: boolean;
  /** The trailers, which end an HTTP/2 response after its start. */
  readonly trailers?: Readonly<Record<string, string>>;
  /** Selects the paths that get the endless response. All other paths get `other`. */
  readonly isFor?: (path: string) => boolean;
  readonly other?: (url: string) => string;
}

/** The numbers that a server counts, and its URL. */
interface ServerState {
  url: string;
  requests: number;
  sentBytes: number;
  /** Reports that the client ended a response. */
  readonly onEnd: () => void;
}

/** Starts a server that answers every request with an endless response, as fast as the client reads. */
export async function startEndlessServer(answer: EndlessAnswer): Promise<EndlessServer> {
  let onEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => (onEnd = resolve));
  const state: ServerState = { url: "", requests: 0, sentBytes: 0, onEnd };
  const { url, close } = await listenOnLoopback(
    answer.http2 ? serveHttp2(answer, state) : serveHttp1(answer, state),
  );
  state.url = url;
  return {
    url,
    get requests() {
      return state.requests;
    },
    get sentBytes() {
      return state.sentBytes;
    },
    ended,
    [Symbol.asyncDispose]: close,
  };
}

function serveHttp1(answer: EndlessAnswer, state: ServerState): Server {
  const { isFor = () => true } = answer;
  return createServer((request, response) => {
    state.requests++;
    request.resume();
    if (isFor(request.url ?? "")) {
      pour(answer, state, response.writeHead(200, answer.headers));
    } else {
      const headers = { "content-type": "application/json" };
      response.writeHead(200, headers).end(answer.other?.(state.url));
    }
  });
}

function serveHttp2(answer: EndlessAnswer, state: ServerState): Server {
  const { headers, start, trailers } = answer;
  return createHttp2Server().on("stream", (stream) => {
    state.requests++;
    stream.resume();
    stream.respond({ ":status": 200, ...headers }, { waitForTrailers: trailers !== undefined });
    if (trailers === undefined) {
      pour(answer, state, stream);
    } else {
      stream.on("wantTrailers", () => stream.sendTrailers(trailers)).end(start);
    }
  });
}

/** Writes the beginning of the body, then chunks as fast as the client reads. */
function pour(
  { start, chunk = Buffer.alloc(65_536, " ") }: EndlessAnswer,
  state: ServerState,
  body: Writable,
): void {
  body.on("close", state.onEnd).on("error", () => undefined);
  const writeMore = (): void => {
    while (!body.destroyed && !body.writableEnded) {
      state.sentBytes += chunk.length;
      if (!body.write(chunk)) {
        body.once("drain", writeMore);
        return;
      }
    }
  };
  if (start !== undefined) {
    state.sentBytes += start.length;
    body.write(start);
  }
  if (chunk.length > 0) {
    writeMore();
  }
}
