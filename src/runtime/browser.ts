import { grpcWeb, json } from "./fetch-wires.js";
import type { Runtime } from "./runtime.js";

/** Pages and workers: `fetch` shows no HTTP/2 trailers, so gRPC is out of reach. */
export const runtime: Runtime = {
  name: "a browser",
  defaultProtocol: "grpc-web",
  wires: { "grpc-web": grpcWeb, json },
};
