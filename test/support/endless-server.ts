import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Duplex, Writable } from "node:stream";

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

/** Starts a server that answers every request with an endless response, as fast as the client reads. */
export async function startEndlessServer(answer: EndlessAnswer): Promise<EndlessServer> {
  const { headers, start, chunk = Buffer.alloc(65_536, " "), isFor = () => true } = answer;
  let requests = 0;
  let sentBytes = 0;
  let end: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let url = "";

  const pour = (body: Writable): void => {
    body.on("close", () => end()).on("error", () => undefined);
    const more = (): void => {
      while (!body.destroyed && !body.writableEnded) {
        sentBytes += chunk.length;
        if (!body.write(chunk)) {
          body.once("drain", more);
          return;
        }
      }
    };
    if (start !== undefined) {
      sentBytes += start.length;
      body.write(start);
    }
    if (chunk.length > 0) {
      more();
    }
  };
  const overHttp1 = (request: IncomingMessage, response: ServerResponse): void => {
    requests++;
    request.resume();
    if (isFor(request.url ?? "")) {
      response.writeHead(200, headers);
      pour(response);
      return;
    }
    response.writeHead(200, { "content-type": "application/json" }).end(answer.other?.(url));
  };
  const overHttp2 = (stream: ServerHttp2Stream): void => {
    requests++;
    stream.resume();
    const { trailers } = answer;
    stream.respond({ ":status": 200, ...headers }, { waitForTrailers: trailers !== undefined });
    if (trailers === undefined) {
      pour(stream);
    } else {
      stream.on("wantTrailers", () => stream.sendTrailers(trailers)).end(start);
    }
  };

  const server = answer.http2
    ? createHttp2Server().on("stream", overHttp2)
    : createServer(overHttp1);
  const sockets = new Set<Duplex>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket.on("error", () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://localhost:${((server as Server).address() as AddressInfo).port}`;
  return {
    url,
    get requests() {
      return requests;
    },
    get sentBytes() {
      return sentBytes;
    },
    ended,
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
