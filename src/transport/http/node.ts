import { checkNumbers } from "../../check-number.js";
import { connectionNumbers } from "./connection-numbers.js";
import { createSend as createFetchSend } from "./fetch.js";
import type { HttpOptions, HttpSend } from "./http.js";

/**
 * Returns the way to send requests in Node.js: undici's own dispatcher, on which `fetch` of Node.js stands, without the web
 * streams and Request and Response objects that make it several times slower. It is loaded with the first request.
 */
export function createSend(options: HttpOptions): HttpSend {
  checkNumbers(options, connectionNumbers);
  const sendByFetch = createFetchSend();
  let dispatch: HttpSend | undefined;
  const sendFirst: HttpSend = async (url, request) => {
    const { createDispatch } = await import("./undici.js");
    dispatch ??= createDispatch(options);
    return await dispatch(url, request);
  };
  return (url, request) =>
    isReplaced() ? sendByFetch(url, request) : (dispatch ?? sendFirst)(url, request);
}

/**
 * Returns true if somebody has put a dispatcher of their own under `fetch`, such as a ProxyAgent, Node's own one for
 * NODE_USE_ENV_PROXY, or a MockAgent: then it goes for these requests too.
 */
function isReplaced(): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[globalDispatcher];
  return dispatcher !== undefined && dispatcher.constructor.name !== "Agent";
}

const globalDispatcher = Symbol.for("undici.globalDispatcher.1");
