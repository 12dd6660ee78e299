import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { Deadline } from "../../call/deadline.js";
import { findProxy } from "../../transport/socket/find-proxy.js";
import { formatHostWithPort } from "../../utils/host-with-port.js";
import { openTunnel } from "../../transport/socket/open-tunnel.js";
import type { SocketOptions } from "../../transport/socket/socket-options.js";
import { toTexts } from "../../transport/socket/tls-settings.js";
import { unbracketHost } from "../../utils/unbracket-host.js";
import { type ServedCertificate, toServedCertificate } from "../certificates/served-certificate.js";

/**
 * Loads the certificate of a server with TLS, trusted or not, through the forward proxy. Sends nothing over the connection. Rejects if the
 * connection fails.
 */
export async function loadServedCertificate(
  url: URL,
  sockets: SocketOptions,
  timeoutMs: number,
  deadline: Deadline,
): Promise<ServedCertificate | undefined> {
  const hostname = unbracketHost(url.hostname);
  const port = Number(url.port || 443);
  const proxy = findProxy(url, sockets.proxy);
  const { ca } = sockets.tls ?? {};
  const authorities = ca === undefined ? undefined : toTexts(ca);
  const tunnel =
    proxy &&
    (await openTunnel({
      proxy,
      target: formatHostWithPort(url),
      timeoutMs,
      tls: authorities === undefined ? {} : { ca: authorities },
    }));
  const socket = connect({
    ...(tunnel === undefined ? { host: hostname, port } : { socket: tunnel }),
    ...(authorities !== undefined && { ca: authorities }),
    ...(isIP(hostname) === 0 && { servername: hostname }),
    rejectUnauthorized: false,
  });
  socket.on("error", () => undefined);
  try {
    await deadline.race(once(socket, "secureConnect"));
    return toServedCertificate(socket);
  } finally {
    socket.destroy();
  }
}
