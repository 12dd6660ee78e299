import type { Socket } from "node:net";
import type { buildConnector } from "undici";
// Import this file instead of "undici", which would register its own dispatcher for the global fetch.
// @ts-expect-error: it has no declarations
import untypedBuildConnector from "undici/lib/core/connect.js";
import { hostWithPort } from "../socket/host-with-port.js";
import { openTunnel } from "../socket/open-tunnel.js";
import { proxyError } from "../socket/proxy-error.js";
import { serverNameOf } from "../socket/server-name-of.js";
import { forProxy, type TlsSettings } from "../socket/tls-settings.js";

/** A function that opens a connection for undici. */
export type UndiciConnector = buildConnector.connector;

/**
 * Creates the function that opens direct connections for undici. The timeout covers name resolution, connecting and the TLS
 * handshake, in milliseconds.
 */
export function createDirectConnector(timeoutMs: number, tls: TlsSettings): UndiciConnector {
  const connect = (untypedBuildConnector as typeof buildConnector)({ timeout: timeoutMs, ...tls });
  return (options, callback) =>
    connect({ ...options, servername: tls.servername ?? serverNameOf(options.hostname) }, callback);
}

/** Creates the function that opens connections to a forward proxy for undici. */
export function createProxyConnector(
  proxy: URL,
  timeoutMs: number,
  tls: TlsSettings,
): UndiciConnector {
  const connect = createDirectConnector(timeoutMs, forProxy(tls));
  return (options, callback) =>
    connect(options, (...[error, socket]) =>
      error === null
        ? callback(null, socket)
        : callback(proxyError(proxy, "", { cause: error }), null),
    );
}

/** Creates the function that opens TLS connections through a forward proxy for undici. */
export function createTunnelConnector(
  proxy: URL,
  timeoutMs: number,
  tls: TlsSettings,
): UndiciConnector {
  const open = async (options: buildConnector.Options): Promise<Socket> => {
    const startedMs = performance.now();
    const target = hostWithPort(new URL(`${options.protocol}//${options.host}`));
    const httpSocket = await openTunnel({ proxy, target, timeoutMs, tls });
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
    const startTls = createDirectConnector(leftMs, tls);
    return await new Promise((resolve, reject) =>
      startTls({ ...options, httpSocket }, (...[error, socket]) =>
        error === null ? resolve(socket) : reject(error),
      ),
    );
  };
  return (options, callback) => {
    open(options).then(
      (socket) => {
        // Bun has this method, and it throws for TLS within TLS. undici calls it if it is there.
        Object.assign(socket, { setTypeOfService: undefined });
        callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}
