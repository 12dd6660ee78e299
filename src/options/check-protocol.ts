import type { Protocol } from "../call/protocol.js";
import type { Runtime } from "../runtime/runtime.js";
import type { OpenConnection } from "../transport/connection.js";
import { throwInvalidOption } from "../utils/option-error.js";

/** A wire protocol that the runtime supports. */
export interface SupportedProtocol {
  readonly protocol: Protocol;
  /** Opens a connection for the protocol. */
  readonly open: OpenConnection;
}

/** Returns the wire protocol for an option `protocol`. Throws a TypeError if this runtime does not have it. */
export function checkProtocol(
  option: Protocol | "auto",
  hasFetch: boolean,
  { name, defaultProtocol, protocols }: Runtime,
): SupportedProtocol {
  // `fetch` cannot send gRPC.
  const automatic = hasFetch && defaultProtocol === "grpc" ? "json" : defaultProtocol;
  const protocol = option === "auto" ? automatic : option;
  if (!["json", "grpc", "grpc-web"].includes(protocol)) {
    throwInvalidOption("protocol", 'must be "auto", "json", "grpc" or "grpc-web"');
  }
  const open = protocols[protocol];
  if (open === undefined) {
    const available = Object.keys(protocols).map((each) => `"${each}"`);
    throwInvalidOption(
      "protocol",
      `"${protocol}" is not available in ${name}, which has no HTTP/2 client with trailers; ` +
        `use ${available.join(" or ")}, or leave it out`,
    );
  }
  if (protocol === "grpc" && hasFetch) {
    throwInvalidOption("fetch", 'has no effect on the protocol "grpc"; leave one of the two out');
  }
  return { protocol, open };
}
