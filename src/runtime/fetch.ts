import { isBrowser } from "./environment.js";
import { grpcWeb, json } from "./fetch-wires.js";
import type { Runtime } from "./runtime.js";

/**
 * Any runtime of which only `fetch` is known: workerd, edge functions, React Native. Bundlers that know no `browser`
 * condition take this file for browsers too, so it looks where it is.
 */
export const runtime: Runtime = {
  name: isBrowser ? "a browser" : "this runtime",
  defaultProtocol: isBrowser ? "grpc-web" : "json",
  wires: { "grpc-web": grpcWeb, json },
};
