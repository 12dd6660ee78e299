import type { Socket } from "node:net";

/**
 * Ends a connection with a TCP RST. One that has been ended already is only destroyed: after a FIN, Node.js never lets go of
 * a socket that is reset, and the process would not end.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}
