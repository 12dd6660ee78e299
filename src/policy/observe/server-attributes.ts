import { unbracketHost } from "../../transport/socket/unbracket-host.js";
import type { Attributes } from "./hooks.js";

/** Returns the attributes `server.address` and `server.port` of the server at a URL. */
export function serverAttributes({ hostname, port, protocol }: URL): Attributes {
  return {
    "server.address": unbracketHost(hostname),
    "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
  };
}
