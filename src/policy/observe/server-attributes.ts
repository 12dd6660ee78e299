import { portOf } from "../../utils/host-with-port.js";
import { unbracketHost } from "../../utils/unbracket-host.js";
import type { Attributes } from "./hooks.js";

/** Returns the attributes `server.address` and `server.port` of the server at a URL. */
export function toServerAttributes(url: URL): Attributes {
  return { "server.address": unbracketHost(url.hostname), "server.port": portOf(url) };
}
