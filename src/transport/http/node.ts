import { checkNumbers } from "../../check-number.js";
import { connectionNumbers } from "./connection-numbers.js";
import { createSend as createFetchSend } from "./fetch.js";
import type { HttpOptions, HttpSend } from "./http.js";
import { createNodeSend } from "./node-http.js";

/**
 * Returns the function that sends requests in Node.js: through `node:http`, which has a third of the cost of `fetch`, unless the
 * dispatcher under `fetch` was replaced.
 */
export function createSend(options: HttpOptions): HttpSend {
  checkNumbers(options, connectionNumbers);
  const sendByFetch = createFetchSend();
  const send = createNodeSend(options);
  return (url, request) => (isReplaced() ? sendByFetch : send)(url, request);
}

/**
 * Returns true if the program has replaced the dispatcher under `fetch`, e.g. with a ProxyAgent, Node's own one for
 * NODE_USE_ENV_PROXY, or a MockAgent. These requests then use `fetch`, and with it that dispatcher.
 */
function isReplaced(): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[globalDispatcher];
  return dispatcher !== undefined && dispatcher.constructor.name !== "Agent";
}

const globalDispatcher = Symbol.for("undici.globalDispatcher.1");
