import type { Http2Connection } from "./http2-connection.js";

/**
 * Drains a connection when the server sends a GOAWAY, with which it ends the connection:
 *
 * - Calls that the server accepted continue, and the connection closes after the last one. If the GOAWAY has an error code, node:http2
 *   breaks them off instead.
 * - Calls above the last stream id of the GOAWAY were not carried out. node:http2 resets their streams with REFUSED_STREAM, which
 *   `createBrokenStreamError` reports as rejected, so that they are retried.
 * - Calls that wait for a stream, and later ones, go to another connection.
 */
export function drainOnGoaway(connection: Http2Connection): void {
  connection.session.on("goaway", () => connection.drain());
}
