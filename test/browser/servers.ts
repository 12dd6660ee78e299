import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as sendRequest,
  type RequestListener,
  type ServerResponse,
} from "node:http";
import { grpcWebCors, createPreflightResponse, restCors } from "../../src/emulator/wire/cors.js";

/** An HTTP server on its own port, and therefore on its own origin. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
}

export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) {
    throw new Error("the server listens nowhere");
  }
  return {
    url: `http://localhost:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** A server that answers preflights like ZITADEL, and nothing else. */
export interface UnresponsiveServer extends TestServer {
  /** Resolves when a call has arrived. */
  readonly called: Promise<IncomingHttpHeaders>;
  /** Resolves when the browser has cancelled that call. */
  readonly dropped: Promise<void>;
}

export async function serveUnresponsive(): Promise<UnresponsiveServer> {
  const { promise: called, resolve: onCalled } = deferred<IncomingHttpHeaders>();
  const { promise: dropped, resolve: onDropped } = deferred<void>();
  const server = await serve((request, response) => {
    if (request.method === "OPTIONS") {
      answerPreflight(request, response);
      return;
    }
    response.on("close", onDropped);
    onCalled(request.headers);
  });
  return { ...server, called, dropped };
}

function answerPreflight({ method = "", url = "", headers }: IncomingMessage, to: ServerResponse) {
  const isGrpcWeb = headers["access-control-request-headers"]?.includes("x-grpc-web") === true;
  const answer = createPreflightResponse(
    {
      method,
      target: url,
      httpVersion: 1,
      authority: headers.host ?? "",
      headers: Object.entries(headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      body: new Uint8Array(),
    },
    isGrpcWeb ? grpcWebCors : restCors,
  );
  to.writeHead(answer.status, Object.fromEntries(answer.headers)).end();
}

/** Starts a server that forwards everything to another one, and records the calls. Preflights do not count as calls. */
export interface RecordingServer extends TestServer {
  readonly calls: { readonly method: string; readonly headers: IncomingHttpHeaders }[];
}

export async function serveRecording(target: string): Promise<RecordingServer> {
  const calls: RecordingServer["calls"] = [];
  const server = await serve((request, response) => {
    const { method = "", url = "", headers } = request;
    if (method !== "OPTIONS") {
      calls.push({ method, headers });
    }
    const forwarded = sendRequest(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  return { ...server, calls };
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
