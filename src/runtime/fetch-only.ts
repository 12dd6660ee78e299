import { createFetchSend } from "../transport/http/fetch-send.js";
import type { HttpSend, SendOptions } from "../transport/http/send-request.js";
import {
  describeMissingSockets,
  rejectSocketOptions,
} from "../transport/socket/reject-socket-options.js";
import { isBrowser } from "../utils/environment.js";
import type { TokenFetchOptions } from "./runtime.js";

/** The name of a runtime that has `fetch` but no sockets, in error messages. */
export const fetchRuntimeName: string = isBrowser ? "a browser" : "this runtime";

/** Creates the function that sends HTTP/1 requests. */
export function createFetchOnlySend(options: SendOptions): HttpSend {
  rejectSocketOptions(options, describeMissingSockets(fetchRuntimeName));
  return createFetchSend(options.fetch);
}

/** Returns undefined: the global `fetch` sends the requests of a token source. */
export function createFetchOnlyTokenFetch(options: TokenFetchOptions): undefined {
  rejectSocketOptions(options, describeMissingSockets(fetchRuntimeName));
}
