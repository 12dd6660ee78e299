import type { Socket } from "node:net";

/**
 * Ends a connection with a TCP RST, or destroys a connection that was already ended.
 *
 * After a FIN, Node.js never releases a socket that is reset, and the process would not exit.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}
