import { adaptTransportFactory, adaptLazyTransportFactory } from "../transport/connection.js";
import { createGrpcWebTransportOver } from "../transport/grpc-web.js";
import { createFetchSend } from "../transport/http/fetch-send.js";
import type { Runtime } from "./runtime.js";

export {
  createFetchOnlySend as createSend,
  createFetchOnlyTokenFetch as createTokenFetch,
} from "./fetch-only.js";

/**
 * The runtime of browser pages and workers. `fetch` does not expose HTTP/2 trailers, so gRPC is not available. The default
 * transport loads with the package, so that a first call does not wait for another request.
 */
export const runtime: Runtime = {
  name: "a browser",
  defaultProtocol: "grpc-web",
  protocols: {
    "grpc-web": /* @__PURE__ */ adaptTransportFactory((options, policy) =>
      createGrpcWebTransportOver(createFetchSend(options.fetch), options, policy),
    ),
    // Loaded with the first call over JSON, which is not the usual wire protocol here.
    json: /* @__PURE__ */ adaptLazyTransportFactory(async () => {
      const { createJsonTransportOver } = await import("../transport/json.js");
      return (options, policy) =>
        createJsonTransportOver(createFetchSend(options.fetch), options, { policy });
    }),
  },
  sockets: undefined,
};
