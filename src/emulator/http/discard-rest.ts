import { constants, type ServerHttp2Stream } from "node:http2";
import type { ConnectionLimits } from "./connection-limits.js";

/**
 * Discards what the client of an answered stream still sends, for at most `bodyMs`: some clients do not read a response before they
 * have sent everything.
 */
export function discardRest(stream: ServerHttp2Stream, { bodyMs }: ConnectionLimits): void {
  if (stream.readableEnded) {
    return;
  }
  stream.resume();
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), bodyMs).unref();
  stream.once("close", () => clearTimeout(timer));
}
