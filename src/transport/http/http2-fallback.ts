import { prepareAttempt } from "../../call/attempts.js";
import { isError } from "../../utils/is-error.js";
import type { HttpSend } from "./send-request.js";

/**
 * Wraps a sender of HTTP/1 requests for servers that support HTTP/2 only. Such a server gets the first request over HTTP/2 after it has
 * shown that it did not read the request over HTTP/1. It gets all later requests over HTTP/2 at once.
 */
export function withHttp2Fallback(sendOverHttp1: HttpSend, sendOverHttp2: HttpSend): HttpSend {
  /** The origins of servers that support HTTP/2 only. */
  const origins = new Set<string>();
  const fallBack: HttpSend = async (request) => {
    const { origin } = new URL(request.url);
    origins.add(origin);
    try {
      return await sendOverHttp2(request);
    } catch (error) {
      if (!request.call.sent) {
        // Another server may be there now, so the next request begins with HTTP/1 again.
        origins.delete(origin);
      }
      throw error;
    }
  };
  return (request) =>
    origins.size > 0 && origins.has(new URL(request.url).origin)
      ? fallBack(request)
      : sendOverHttp1(request).catch((error: unknown) => {
          if (!isHttp2Only(error)) {
            throw error;
          }
          // The server did not read the request, so this attempt did not fail, and goes on.
          prepareAttempt(request.call);
          return fallBack(request);
        });
}

/**
 * Returns true if the error of an HTTP/1 request shows that the server supports HTTP/2 only and did not read the request. Either the TLS
 * handshake failed because client and server have no protocol in common, or the response was an HTTP/2 frame: such a server takes the
 * request for a malformed connection preface.
 */
function isHttp2Only(error: unknown): boolean {
  if (!isError(error)) {
    return false;
  }
  // The bytes that were not HTTP/1: `node:http` has them as `rawPacket`, undici as the text `data`.
  const { rawPacket, data } = error as { rawPacket?: unknown; data?: unknown };
  const received = typeof data === "string" ? Buffer.from(data) : rawPacket;
  return (
    // OpenSSL's text. The code is that of the text or EPROTO, depending on the moment.
    error.message.includes("no application protocol") ||
    (received instanceof Uint8Array && isFirstFrame(received))
  );
}

/** The types of the frames with which an HTTP/2 server answers a malformed preface. */
const settingsFrame = 4;
const goawayFrame = 7;

/** Returns true for the head of a short SETTINGS or GOAWAY frame of the stream 0: RFC 9113, section 4.1. */
function isFirstFrame(bytes: Uint8Array): boolean {
  const [length3, length2, , type, , ...stream] = bytes.subarray(0, 9);
  return (
    bytes.byteLength >= 9 &&
    length3 === 0 &&
    length2 === 0 &&
    (type === settingsFrame || type === goawayFrame) &&
    stream.every((byte) => byte === 0)
  );
}
