import * as http from "node:http";
import * as https from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { RestResponse } from "../../rest/response.js";
import { exceedsLimit, createResponseTooLargeError } from "../response-limit.js";
import { ByteCollector } from "../../utils/byte-collector.js";
import type { HttpRequest, HttpSend } from "./send-request.js";
import { NodeResponse } from "./node-response.js";
import { createConnectTimeoutError } from "../socket/connect-timeout-error.js";
import { serverNameOf } from "../socket/server-name-of.js";
import { unbracketHost } from "../../utils/unbracket-host.js";
import { type SenderOptions, shareSenders } from "./share-senders.js";

/**
 * The interval of the check for idle connections, in milliseconds. A connection that is idle in two checks is closed, so after 2 to 4
 * seconds. Load balancers and servers close idle connections after 5 seconds or more, and a request that meets such an end is lost. A
 * timeout of each socket would do the same, but takes time for each request (`npm run bench`, JSON).
 */
const idleCheckMs = 2000;

/**
 * Returns a function that sends requests through `node:http` and `node:https`, over connections that stay open between
 * requests. Requests beyond `maxConnections` to one origin wait for their turn. It ignores the option `proxy`.
 */
export const createNodeHttpSend: (options: SenderOptions) => HttpSend = shareSenders(createSender);

function createSender({ connectTimeoutMs, maxConnections, tls }: SenderOptions): HttpSend {
  const options = { keepAlive: true, maxSockets: maxConnections };
  const plain = new http.Agent(options);
  const secure = new https.Agent({ ...options, ...tls, ALPNProtocols: ["http/1.1"] });
  closeIdle(plain);
  closeIdle(secure);
  return (request) =>
    new Promise((resolve, reject) => {
      request.deadline.throwIfEnded();
      const { protocol, hostname, port, pathname, search } = new URL(request.url);
      const isSecure = protocol === "https:";
      const clientRequest = (isSecure ? https : http).request({
        hostname: unbracketHost(hostname),
        // Not the name in the `Host` header, which `node:https` would take.
        servername: serverNameOf(hostname),
        port,
        path: pathname + search,
        method: request.method,
        headers: request.headers,
        agent: isSecure ? secure : plain,
      });
      new NodeHttpExchange(clientRequest, request, connectTimeoutMs, resolve, reject).send();
    });
}

/** Closes the connections of an agent that stay idle. The timer does not keep the process alive. */
function closeIdle(agent: http.Agent): void {
  let idleBefore = new Map<Socket, number>();
  setInterval(() => {
    const idle = new Map<Socket, number>();
    for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) {
      if (idleBefore.get(socket) === socket.bytesWritten) {
        socket.destroy();
      } else {
        idle.set(socket, socket.bytesWritten);
      }
    }
    idleBefore = idle;
  }, idleCheckMs).unref();
}

/** One request, from its wait for a connection to its end. */
class NodeHttpExchange {
  readonly #clientRequest: http.ClientRequest;
  readonly #request: HttpRequest;
  readonly #connectTimeoutMs: number;
  readonly #resolve: (response: RestResponse) => void;
  readonly #reject: (error: unknown) => void;
  readonly #unregister: () => void;

  constructor(
    clientRequest: http.ClientRequest,
    request: HttpRequest,
    connectTimeoutMs: number,
    resolve: (response: RestResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#clientRequest = clientRequest;
    this.#request = request;
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#unregister = request.deadline.onEnd((reason) => this.#abort(reason));
    clientRequest.on("socket", (socket: Socket) => this.#waitForConnection(socket));
    clientRequest.on("response", (response: http.IncomingMessage) => this.#readResponse(response));
    clientRequest.on("error", (error) => this.#fail(error));
  }

  send(): void {
    this.#clientRequest.end(this.#request.body);
  }

  /** Ends the request. Nothing is sent any more, even if its connection comes later. */
  #abort(reason: unknown): void {
    this.#fail(reason);
    this.#clientRequest.destroy();
  }

  /** Marks the request as sent when its connection is ready: Node.js writes the request in the same moment. */
  #waitForConnection(socket: Socket): void {
    const { call } = this.#request;
    if (this.#clientRequest.destroyed) {
      return;
    }
    const isSecure = "encrypted" in socket;
    if (!socket.connecting && !(isSecure && !(socket as TLSSocket).getProtocol())) {
      call.sent = true;
      return;
    }
    const timeoutMs = this.#connectTimeoutMs;
    const timer = setTimeout(() => {
      const text = `no connection within ${timeoutMs} ms (connectTimeoutMs)`;
      this.#abort(createConnectTimeoutError(text));
    }, timeoutMs);
    const ready = isSecure ? "secureConnect" : "connect";
    const onConnected = (): void => {
      clearTimeout(timer);
      call.sent = !this.#clientRequest.destroyed;
    };
    socket.once(ready, onConnected);
    this.#clientRequest.once("close", () => {
      clearTimeout(timer);
      socket.off(ready, onConnected);
    });
  }

  #readResponse(response: http.IncomingMessage): void {
    const { readMaxBytes } = this.#request;
    if (exceedsLimit(response.headers["content-length"], readMaxBytes)) {
      this.#abort(createResponseTooLargeError(readMaxBytes));
      return;
    }
    const body = new ByteCollector(readMaxBytes);
    response.on("data", (chunk: Buffer<ArrayBuffer>) => {
      if (!body.add(chunk)) {
        this.#abort(createResponseTooLargeError(readMaxBytes));
      }
    });
    response.on("end", () => {
      this.#unregister();
      const { statusCode = 0, headers } = response;
      this.#resolve(new NodeResponse(statusCode, headers, body.bytes()));
    });
    response.on("error", (error) => this.#fail(error));
  }

  #fail(reason: unknown): void {
    this.#unregister();
    this.#reject(reason);
  }
}
