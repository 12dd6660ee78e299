import { checkNumbers } from "../../check-number.js";
import { connectionNumbers } from "./connection-numbers.js";
import { createSend as createFetchSend } from "./fetch.js";
import type { HttpOptions, HttpSend } from "./http.js";

/**
 * Creates the function that sends requests in Node.js. It uses undici's own dispatcher, on which the `fetch` of Node.js is built,
 * without the web streams and the Request and Response objects that make `fetch` several times slower. undici is loaded with the
 * first request.
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
 * Returns true if the program has replaced the dispatcher under `fetch`, e.g. with a ProxyAgent, Node's own one for
 * NODE_USE_ENV_PROXY, or a MockAgent. These requests then use `fetch`, and with it that dispatcher.
 */
function isReplaced(): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[globalDispatcher];
  return dispatcher !== undefined && dispatcher.constructor.name !== "Agent";
}

const globalDispatcher = Symbol.for("undici.globalDispatcher.1");
