import { Code } from "@connectrpc/connect";
import { AttemptError } from "../../call/attempt-error.js";
import { findDeepestErrorCode } from "../../utils/error-codes.js";
import { formatHostWithPort } from "../../utils/host-with-port.js";

/** The failure of a forward proxy to open a connection. Exactly one of the parts is set. */
interface ProxyFailure {
  /** The HTTP status of the proxy's answer. */
  readonly status?: number;
  /** The error of the connection to the proxy. */
  readonly cause?: unknown;
}

/**
 * Creates the error of a request that the forward proxy did not let through to `target`, a host and a port. The request was never sent.
 * The error names the proxy without its credentials.
 */
export function createProxyError(
  proxy: URL,
  target: string,
  { status, cause }: ProxyFailure,
): AttemptError {
  const host = formatHostWithPort(proxy);
  const code = findDeepestErrorCode(cause);
  const hasCredentials = proxy.username !== "" || proxy.password !== "";
  const text =
    status === undefined
      ? `the proxy ${host} cannot be reached${code === undefined ? "" : ` (${code})`}`
      : `the proxy ${host} answered HTTP ${status} instead of connecting to ${target}`;
  return new AttemptError(
    text,
    // The same request would be rejected again, unless the proxy reports that the server did not answer.
    status === undefined || status >= 500 || status === 429
      ? Code.Unavailable
      : Code.FailedPrecondition,
    {
      notDone: "unsent",
      forwardProxy: { host, target, hasCredentials, ...(status !== undefined && { status }) },
    },
    { cause },
  );
}
