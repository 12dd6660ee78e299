import { certificateErrorCode } from "./certificate-error-code.js";
import { clientCertificateAlert } from "./client-certificate-alert.js";
import { errorCodeOf } from "../utils/error-codes.js";
import { errorsIn, maxCauses } from "../utils/errors-in.js";
import { isError } from "../utils/is-error.js";

/**
 * The error codes that prove that no request was sent, because there never was a connection for it. They come from name resolution and
 * certificates, from Node's fetch and http2, and from Bun. Browsers have none.
 *
 * Any `ERR_SSL_*` that is not about a certificate proves nothing: it also ends an open connection if something other than TLS arrives.
 * ECONNRESET, EPIPE, ETIMEDOUT and UND_ERR_SOCKET prove nothing either. Transports that manage their own connections need no codes,
 * because they know if they sent the request.
 */
const codes: readonly RegExp[] = [
  /^(?:ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL)$/,
  certificateErrorCode,
  clientCertificateAlert,
  // Streams of a session that was not connected yet, or is closed.
  /^ERR_HTTP2_(?:STREAM_CANCEL|INVALID_SESSION|GOAWAY_SESSION|OUT_OF_STREAMS)$/,
];

/**
 * The format of operating system codes. Alone they prove nothing, because they also end open connections: a host can become
 * unreachable at any time.
 */
const systemCode = /^E[A-Z]+$/;

/**
 * Returns true if `error` or one of its causes proves that the request was never sent. If several addresses were tried (an
 * AggregateError), each of their errors must prove it. A chain of more than `maxCauses` causes proves nothing.
 */
export function provesUnsent(error: unknown): boolean {
  return proves(error, 0);
}

function proves(error: unknown, depth: number): boolean {
  if (!isError(error) || depth > maxCauses) {
    return false;
  }
  // An AggregateError has the code of only one of its errors.
  const errors = errorsIn(error);
  if (errors.length > 0) {
    return errors.every((each) => proves(each, depth + 1));
  }
  return provesItself(error) || proves(error.cause, depth + 1);
}

function provesItself(error: Error): boolean {
  const code = errorCodeOf(error);
  if (code === undefined) {
    return false;
  }
  const { syscall } = error as { syscall?: unknown };
  if (systemCode.test(code) && typeof syscall === "string") {
    return syscall === "connect" || syscall.startsWith("getaddrinfo");
  }
  return (
    codes.some((pattern) => pattern.test(code)) ||
    // Node's text for an ECONNRESET without a system call.
    error.message.includes("before secure TLS connection was established")
  );
}
