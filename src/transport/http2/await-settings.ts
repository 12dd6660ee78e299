import type { ClientHttp2Session } from "node:http2";
import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";

/**
 * Resolves when the server of a new session has sent its settings. An HTTP/2 server sends them first, so before that, the server may
 * be anything. Rejects if the session ends before.
 */
export function awaitSettings(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    const rejectClosed = (): void =>
      reject(
        new AttemptError("the connection closed at once", Code.Unavailable, {
          closedBeforeSettings: true,
        }),
      );
    session.once("close", rejectClosed);
    session.once("remoteSettings", () => {
      session.off("close", rejectClosed);
      resolve();
    });
    session.once("error", reject);
    session.once("connect", (_, socket) => {
      // After an alert of TLS, e.g. about a client certificate, Node.js 20 ends the session without an event.
      socket.once("error", (error) => {
        reject(error);
        socket.destroy();
      });
    });
  });
}
