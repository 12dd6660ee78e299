import { createGrpcWebTransport } from "../transport/grpc-web.js";
import { eagerServices } from "./eager-services.js";
import type { Runtime } from "./runtime.js";
import { lazyWire, wire } from "./wires.js";

/** Pages and workers: `fetch` shows no HTTP/2 trailers, so gRPC is out of reach. */
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
