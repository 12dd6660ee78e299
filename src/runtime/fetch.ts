import { createJsonTransport } from "../transport/json.js";
import { eagerServices } from "./eager-services.js";
import { isBrowser } from "./environment.js";
import type { Runtime } from "./runtime.js";
import { lazyWire, wire } from "./wires.js";

/**
 * Any runtime of which only `fetch` is known: workerd, edge functions, React Native. Bundlers that know no `browser`
 * condition take this file for browsers too, so it looks where it is.
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
