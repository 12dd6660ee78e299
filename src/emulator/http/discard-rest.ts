import { constants, type ServerHttp2Stream } from "node:http2";
import type { ConnectionLimits } from "./connection-limits.js";

/**
 * Discards the rest of a request whose response is already sent, for at most `bodyMs`. Some clients read a response only after they
 * have sent the complete request.
 */
export function discardRest(stream: ServerHttp2Stream, { bodyMs }: ConnectionLimits): void {
  if (stream.readableEnded) {
    return;
  }
  stream.resume();
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), bodyMs).unref();
  stream.once("close", () => clearTimeout(timer));
}
