import type { Protocol } from "../call/protocol.js";
import type { Runtime } from "../runtime/runtime.js";
import { throwInvalidOption } from "../utils/option-error.js";

/** Returns the wire protocol for an option `protocol`. Throws a TypeError if this runtime does not have it. */
export function checkProtocol(
  protocol: Protocol | "auto",
  hasFetch: boolean,
  runtime: Runtime,
): Protocol {
  const available = Object.keys(runtime.protocols) as Protocol[];
  if (protocol === "auto") {
    return hasFetch && runtime.defaultProtocol === "grpc" ? "json" : runtime.defaultProtocol;
  }
  if (!["json", "grpc", "grpc-web"].includes(protocol)) {
    throwInvalidOption("protocol", 'must be "auto", "json", "grpc" or "grpc-web"');
  }
  if (!available.includes(protocol)) {
    throwInvalidOption(
      "protocol",
      `"${protocol}" is not available in ${runtime.name}, which has no HTTP/2 client with trailers; ` +
        `use ${available.map((each) => `"${each}"`).join(" or ")}, or leave it out`,
    );
  }
  if (protocol === "grpc" && hasFetch) {
    throwInvalidOption("fetch", 'has no effect on the protocol "grpc"; leave one of the two out');
  }
  return protocol;
}
