import { constants } from "node:http2";
import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import type { AttemptFacts } from "../../call/attempt-facts.js";
import { provesUnsent } from "../../call/proves-unsent.js";

/**
 * The HTTP/2 error codes in numeric order, and the gRPC code of each:
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#errors
 */
const resets: readonly [name: string, code: Code][] = [
  ["NO_ERROR", Code.Internal],
  ["PROTOCOL_ERROR", Code.Internal],
  ["INTERNAL_ERROR", Code.Internal],
  ["FLOW_CONTROL_ERROR", Code.Internal],
  ["SETTINGS_TIMEOUT", Code.Internal],
  ["STREAM_CLOSED", Code.Unknown],
  ["FRAME_SIZE_ERROR", Code.Internal],
  ["REFUSED_STREAM", Code.Unavailable],
  ["CANCEL", Code.Canceled],
  ["COMPRESSION_ERROR", Code.Internal],
  ["CONNECT_ERROR", Code.Internal],
  ["ENHANCE_YOUR_CALM", Code.ResourceExhausted],
  ["INADEQUATE_SECURITY", Code.PermissionDenied],
  ["HTTP_1_1_REQUIRED", Code.PermissionDenied],
];

/**
 * Creates the error of a stream that ended without a response. REFUSED_STREAM proves that the server did not begin the request; it is
 * also the code of the streams that a GOAWAY excludes.
 */
export function createBrokenStreamError(rstCode = 0, cause?: Error): AttemptError {
  const [name, code] = resets[rstCode] ?? ["unknown", Code.Internal];
  const text = `http/2 stream closed with error code ${name} (0x${rstCode.toString(16)})`;
  return new AttemptError(cause?.message ?? text, code, factsOfReset(rstCode, cause), { cause });
}

function factsOfReset(http2ErrorCode: number, cause: Error | undefined): AttemptFacts {
  if (http2ErrorCode === constants.NGHTTP2_REFUSED_STREAM) {
    return { http2ErrorCode, notDone: "rejected" };
  }
  const facts = { http2ErrorCode, connectionBroke: true };
  return provesUnsent(cause) ? { ...facts, notDone: "unsent" } : facts;
}
