import { adaptTransportFactory, adaptLazyTransportFactory } from "../transport/connection.js";
import { createFetchSend } from "../transport/http/fetch-send.js";
import { createJsonTransportOver } from "../transport/json.js";
import { isBrowser } from "../utils/environment.js";
import { fetchRuntimeName } from "./fetch-only.js";
import type { Runtime } from "./runtime.js";

export {
  createFetchOnlySend as createSend,
  createFetchOnlyTokenFetch as createTokenFetch,
} from "./fetch-only.js";

/**
 * The runtime for any environment with `fetch`: workerd, edge functions, React Native. Bundlers without a `browser` condition use
 * this file for browsers too, so it checks for a browser at run time.
 */
export const runtime: Runtime = {
  name: fetchRuntimeName,
  defaultProtocol: isBrowser ? "grpc-web" : "json",
  protocols: {
    // Loaded with the first call over gRPC-web, which is not the usual wire protocol here.
    "grpc-web": /* @__PURE__ */ adaptLazyTransportFactory(async () => {
      const { createGrpcWebTransportOver } = await import("../transport/grpc-web.js");
      return (options, policy) =>
        createGrpcWebTransportOver(createFetchSend(options.fetch), options, policy);
    }),
    json: /* @__PURE__ */ adaptTransportFactory((options, policy) =>
      createJsonTransportOver(createFetchSend(options.fetch), options, { policy }),
    ),
  },
  sockets: undefined,
};
