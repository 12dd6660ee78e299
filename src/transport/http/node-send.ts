import { lazy } from "../../call/lazy.js";
import { checkNumbers } from "../../utils/check-number.js";
import { connectionNumbers } from "./connection-numbers.js";
import { createFetchSend } from "./fetch-send.js";
import type { HttpOptions, HttpSend } from "./http.js";
import { withHttp2Fallback } from "./http2-fallback.js";
import { createNodeHttpSend } from "./node-http-send.js";

/**
 * The number of requests of a client after which it loads undici and sends through it.
 *
 * `node:http` gives the first response of a new process in 0.65 of the time that undici needs, because undici takes 60 to 100 ms to
 * load. undici costs two thirds of the CPU time per request, so a busy process gets a third more calls per second (`npm run bench`,
 * JSON and Cold starts). A CI job or a cold function never gets this far. Each of the two keeps `maxConnections`, so while a
 * client changes over, both together may have twice as many.
 */
const requestsBeforeUndici = 100;

/**
 * Creates the function that sends requests in Node.js: first through `node:http`, and through undici once a client has many
 * requests. If the dispatcher under `fetch` was replaced, `fetch` sends.
 */
export function createNodeSend(options: HttpOptions): HttpSend {
  checkNumbers(options, connectionNumbers);
  const sendWithFetch = createFetchSend();
  let send = createNodeHttpSend(options);
  let requests = 0;
  const useUndici = async (): Promise<void> => {
    const { createUndiciSend } = await import("./undici-send.js");
    send = createUndiciSend(options);
  };
  const sendOverHttp1: HttpSend = (request) => {
    if (isDispatcherReplaced()) {
      return sendWithFetch(request);
    }
    requests++;
    if (requests === requestsBeforeUndici) {
      // Without undici, `node:http` goes on.
      useUndici().catch(() => undefined);
    }
    return send(request);
  };
  return withHttp2Fallback(sendOverHttp1, (origin) =>
    origin === options.http2?.origin ? options.http2.send : createHttp2SendFor(origin, options),
  );
}

/** Creates the sender for a server that supports HTTP/2 only, with a connection of its own. It is loaded with the first request. */
function createHttp2SendFor(origin: string, options: HttpOptions): HttpSend {
  const loaded = lazy(async () => {
    const [{ createHttp2Send }, { Http2SessionManager }] = await Promise.all([
      import("../http2/http2-send.js"),
      import("../http2/http2-session-manager.js"),
    ]);
    return createHttp2Send(new Http2SessionManager(origin, options));
  });
  return async (request) => await (await loaded.load())(request);
}

/**
 * Returns true if the program has replaced the dispatcher under `fetch`, e.g. with a ProxyAgent, Node's own one for
 * NODE_USE_ENV_PROXY, or a MockAgent. These requests then use `fetch`, and with it that dispatcher.
 */
function isDispatcherReplaced(): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[globalDispatcher];
  return dispatcher !== undefined && dispatcher.constructor.name !== "Agent";
}

const globalDispatcher = Symbol.for("undici.globalDispatcher.1");
