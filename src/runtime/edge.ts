import { connectionless, lazyConnectionless } from "../transport/connection.js";
import { createFetchSend } from "../transport/http/fetch-send.js";
import type { HttpSend, SendOptions } from "../transport/http/http.js";
import { createJsonTransportOver } from "../transport/json.js";
import { isBrowser } from "../utils/environment.js";
import { rejectSocketOptions, noSocketsReason } from "../transport/socket/reject-socket-options.js";
import type { Runtime, TokenFetchOptions } from "./runtime.js";

const runtimeName = isBrowser ? "a browser" : "this runtime";

/**
 * The runtime for any environment with `fetch`: workerd, edge functions, React Native. Bundlers without a `browser` condition use
 * this file for browsers too, so it checks for a browser at run time.
 */
export const runtime: Runtime = {
  name: runtimeName,
  defaultProtocol: isBrowser ? "grpc-web" : "json",
  protocols: {
    // Loaded with the first call over gRPC-web, which is not the usual wire protocol here.
    "grpc-web": /* @__PURE__ */ lazyConnectionless(async () => {
      const { createGrpcWebTransportOver } = await import("../transport/grpc-web.js");
      return (options, policy) =>
        createGrpcWebTransportOver(createFetchSend(options.fetch), options, policy);
    }),
    json: /* @__PURE__ */ connectionless((options, policy) =>
      createJsonTransportOver(createFetchSend(options.fetch), options, { policy }),
    ),
  },
  sockets: undefined,
};

/** Creates the function that sends HTTP/1 requests. */
export function createSend(options: SendOptions): HttpSend {
  rejectSocketOptions(options, noSocketsReason(runtimeName));
  return createFetchSend(options.fetch);
}

/** Returns undefined: the global `fetch` sends the requests of a token source. */
export function createTokenFetch(options: TokenFetchOptions): undefined {
  rejectSocketOptions(options, noSocketsReason(runtimeName));
}
