import { send as sendByFetch } from "./fetch.js";
import type { HttpSend } from "./http.js";

let dispatch: HttpSend | undefined;

/**
 * How requests are sent in Node.js: by undici's own dispatcher, which is what `fetch` of Node.js stands on, without the web
 * streams and Request and Response objects that make it several times slower. It is loaded with the first request.
 */
export const send: HttpSend = (url, request) => {
  if (isReplaced()) {
    return sendByFetch(url, request);
  }
  return dispatch === undefined ? sendFirst(url, request) : dispatch(url, request);
};

const sendFirst: HttpSend = async (url, request) => {
  ({ dispatch } = await import("./undici.js"));
  return await dispatch(url, request);
};

/**
 * Whether somebody has put a dispatcher of their own under `fetch`, such as a ProxyAgent, Node's own one for
 * NODE_USE_ENV_PROXY, or a MockAgent: then it goes for these requests too.
 */
function isReplaced(): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[globalDispatcher];
  return dispatcher !== undefined && dispatcher.constructor.name !== "Agent";
}

const globalDispatcher = Symbol.for("undici.globalDispatcher.1");
