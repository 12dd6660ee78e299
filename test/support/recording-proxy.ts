import * as http from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";

/** A request that reached the proxy. */
interface RecordedRequest {
  readonly method: string;
  /** The whole URL, or the host and port of a CONNECT. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A forward proxy that records the requests that it can read. */
export interface RecordingProxy extends AsyncDisposable {
  readonly port: number;
  readonly seen: RecordedRequest[];
}

/** A function that answers a request for an `http:` URL in place of the server. */
type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** Starts a forward proxy. It forwards requests and opens tunnels, unless `answer` answers the requests itself. */
export async function startRecordingProxy(answer: Answer = forward): Promise<RecordingProxy> {
  const seen: RecordedRequest[] = [];
  const tunnels = new Set<Duplex>();
  const record = ({ method = "", url = "", headers }: http.IncomingMessage): void =>
    void seen.push({ method, url, headers });
  const server = http.createServer((request, response) => {
    record(request);
    answer(request, response);
  });
  server.on("connect", (request: http.IncomingMessage, socket: Duplex) => {
    record(request);
    tunnels.add(socket);
    const { hostname, port } = new URL(`http://${request.url ?? ""}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
    socket.on("error", () => upstream.destroy()).on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      tunnels.forEach((each) => each.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function forward(request: http.IncomingMessage, response: http.ServerResponse): void {
  const { method, headers } = request;
  const sent = http.request(request.url ?? "", { method, headers }, (received) => {
    response.writeHead(received.statusCode ?? 0, received.headers);
    received.pipe(response);
  });
  sent.on("error", () => response.writeHead(502).end());
  request.pipe(sent);
}
