import { createJsonTransport } from "../transport/json.js";
import { eagerServices } from "./eager-services.js";
import { isBrowser } from "../utils/environment.js";
import type { Runtime } from "./runtime.js";
import { lazyWire, wire } from "./wires.js";

/**
 * The runtime for any environment with `fetch`: workerd, edge functions, React Native. Bundlers without a `browser` condition use
 * this file for browsers too, so it checks for a browser at run time.
 */
export const runtime: Runtime = {
  name: isBrowser ? "a browser" : "this runtime",
  defaultProtocol: isBrowser ? "grpc-web" : "json",
  wires: {
    "grpc-web": lazyWire(async () => (await import("#grpc-web")).createGrpcWebTransport),
    json: wire(createJsonTransport),
  },
  services: eagerServices,
};
