import type { ClientSessionOptions, SecureClientSessionOptions } from "node:http2";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { formatHostWithPort } from "../../utils/host-with-port.js";
import { openTunnel } from "../socket/open-tunnel.js";
import type { TlsSettings } from "../socket/tls-settings.js";
import { unbracketHost } from "../../utils/unbracket-host.js";

/** The connection through a forward proxy that an HTTP/2 session needs. */
interface Http2TunnelOptions {
  readonly proxy: URL;
  /** The origin of the server. */
  readonly authority: string;
  /** The timeout for connecting to the proxy and for its answer, in milliseconds. */
  readonly timeoutMs: number;
  /** The options for TLS to the proxy. */
  readonly tls: TlsSettings;
  /** The options of the session, with those for TLS to the server. */
  readonly session: ClientSessionOptions & SecureClientSessionOptions;
  readonly signal: AbortSignal;
}

/**
 * Opens a connection through a forward proxy, and calls `start` with the options of the session, which contain a function that starts
 * TLS on the connection. Closes the connection if `signal` aborts before that.
 */
export async function startHttp2Tunnel<T>(
  options: Http2TunnelOptions,
  start: (session: ClientSessionOptions & SecureClientSessionOptions) => T,
): Promise<T> {
  const { authority, session, ...tunnel } = options;
  const { signal } = tunnel;
  const url = new URL(authority);
  const socket = await openTunnel({ ...tunnel, target: formatHostWithPort(url) });
  if (signal.aborted) {
    socket.destroy();
    throw signal.reason;
  }
  if (url.protocol === "http:") {
    return start({ ...session, createConnection: () => socket });
  }
  const host = unbracketHost(url.hostname);
  const names = isIP(host) === 0 ? { host, servername: host } : { host };
  return start({
    ...session,
    createConnection: () => connect({ ...names, ALPNProtocols: ["h2"], ...session, socket }),
  });
}
