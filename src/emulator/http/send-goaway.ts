import { constants, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";

/** The state of an HTTP/2 connection. */
export interface Http2ConnectionState {
  readonly socket: Socket;
  /** True while a ping waits for its reply. */
  isPingPending: boolean;
  /** True after a GOAWAY was sent: the connection accepts no new streams. */
  isGoawaySent: boolean;
  /** The highest accepted stream id. A GOAWAY with a lower id would deny calls that are being carried out. */
  lastStreamId: number;
}

/**
 * Sends one GOAWAY for the connection, and refuses the stream if `covered` is false. The GOAWAY itself refuses the stream if no
 * later stream was accepted.
 */
export function sendGoaway(
  stream: ServerHttp2Stream,
  connection: Http2ConnectionState,
  covered: boolean,
): void {
  const isLast = stream.id === connection.lastStreamId;
  if (!connection.isGoawaySent) {
    connection.isGoawaySent = true;
    connection.socket.write(
      encodeGoaway(covered || !isLast ? connection.lastStreamId : connection.lastStreamId - 2),
    );
    if (!covered && isLast) {
      return;
    }
  }
  if (!covered) {
    stream.close(constants.NGHTTP2_REFUSED_STREAM);
  }
}

/** Encodes a GOAWAY frame. It bypasses node:http2, which cannot name stream 0 and would name all streams again on close. */
function encodeGoaway(lastStreamId: number): Buffer {
  const frame = Buffer.alloc(17);
  frame.writeUIntBE(8, 0, 3);
  frame[3] = 7;
  frame.writeUInt32BE(Math.max(0, lastStreamId), 9);
  return frame;
}
