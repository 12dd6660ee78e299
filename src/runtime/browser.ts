import { createGrpcWebTransport } from "../transport/grpc-web.js";
import { eagerServices } from "./eager-services.js";
import type { Runtime } from "./runtime.js";
import { lazyWire, wire } from "./wires.js";

/** The runtime of browser pages and workers. `fetch` does not expose HTTP/2 trailers, so gRPC is not available. */
export const runtime: Runtime = {
  name: "a browser",
  defaultProtocol: "grpc-web",
  wires: {
    "grpc-web": wire(createGrpcWebTransport),
    json: lazyWire(async () => (await import("#json")).createJsonTransport),
  },
  services: eagerServices,
  prepareForFailure: () => {
    // Ignore a failed preload: the next failing call imports the module again and reports the error.
    import("#failures").catch(() => undefined);
  },
};
