/**
 * Codes which prove that no request left, because there never was a connection for it: of name lookup and of certificates, of
 * Node's fetch and http2, of Bun. Browsers have none. `ERR_SSL_*` is no proof: it also ends a connection in use, when
 * something else than TLS comes on it. Nor are ECONNRESET, EPIPE, ETIMEDOUT and UND_ERR_SOCKET. Wires that see the connection
 * themselves need no codes: they know whether the request left.
 */
const codes: readonly RegExp[] = [
  /^(?:ECONNREFUSED|ConnectionRefused|ENOTFOUND|EAI_\w+|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL)$/,
  /^(?:CERT_|UNABLE_TO_|ERR_TLS_CERT_ALTNAME_INVALID$)|SELF_SIGNED/,
  // Streams of a session which was not connected yet, or is no more.
  /^ERR_HTTP2_(?:STREAM_CANCEL|INVALID_SESSION|GOAWAY_SESSION|OUT_OF_STREAMS)$/,
];

/** The same codes of the operating system end connections in use: a host can become unreachable later. */
const systemCode = /^E[A-Z]+$/;

/** A chain of causes that is longer proves nothing. */
const maxDepth = 16;

/**
 * Whether `error`, or what caused it, proves that the request never left this machine. Where several addresses were tried
 * (an AggregateError), each of them has to prove it.
 */
export function provesUnsent(error: unknown): boolean {
  return proves(error, 0);
}

function proves(error: unknown, depth: number): boolean {
  if (!(error instanceof Error) || depth > maxDepth) {
    return false;
  }
  // Its own code is that of one of them.
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.every((each) => proves(each, depth + 1));
  }
  return provesItself(error) || proves(error.cause, depth + 1);
}

function provesItself(error: Error): boolean {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code !== "string") {
    return false;
  }
  if (systemCode.test(code) && typeof syscall === "string") {
    return syscall === "connect" || syscall.startsWith("getaddrinfo");
  }
  return (
    codes.some((pattern) => pattern.test(code)) ||
    // Node's text of an ECONNRESET without a system call.
    error.message.includes("before secure TLS connection was established")
  );
}
