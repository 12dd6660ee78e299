import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { WireResponse } from "../wire/http-message.js";

/**
 * Sends a response to a client of HTTP/1.0 and ends the connection. Go's server answers such a client with HTTP/1.0, Node's server
 * only with HTTP/1.1. Without a `length`, the end of the connection ends the body.
 */
export function sendHttp10Response(
  { method, socket }: IncomingMessage,
  { status, headers, body, isUndated }: WireResponse,
  length: number | undefined,
): void {
  const fields = [
    ...headers,
    ...(isUndated ? [] : [["date", new Date().toUTCString()]]),
    ...(length === undefined ? [] : [["content-length", String(length)]]),
  ];
  const lines = [
    `HTTP/1.0 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  socket.end(method === "HEAD" ? "" : (body ?? ""));
}
