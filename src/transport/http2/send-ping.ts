import { type ClientHttp2Session, constants } from "node:http2";
import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";

/**
 * Sends a ping. Returns false if the connection ends before the response, for any reason. Ends the connection if there is no response
 * within `timeoutMs`.
 */
export function sendPing(session: ClientHttp2Session, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isThere: boolean): void => {
      clearTimeout(timer);
      session.off("close", onClosed);
      resolve(isThere);
    };
    const onClosed = (): void => end(false);
    const timer = setTimeout(() => {
      const facts = { connectionBroke: true };
      const error = new AttemptError("PING timed out", Code.Unavailable, facts);
      session.destroy(error, constants.NGHTTP2_CANCEL);
      end(false);
    }, timeoutMs).unref();
    session.once("close", onClosed);
    try {
      session.ping((error) => end(error === null));
    } catch {
      // The session is already closed.
      end(false);
    }
  });
}
