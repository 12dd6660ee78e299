import type { Socket } from "node:net";
import type { buildConnector } from "undici";
// Import this file instead of "undici", which would register its own dispatcher for the global fetch.
// @ts-expect-error: it has no declarations
import untypedBuildConnector from "undici/lib/core/connect.js";
import { onAbort } from "../../utils/abort.js";
import { formatHostWithPort } from "../../utils/host-with-port.js";
import { openTunnel } from "../socket/open-tunnel.js";
import { createProxyError } from "../socket/proxy-error.js";
import { serverNameOf } from "../socket/server-name-of.js";
import { toProxyTlsSettings, type TlsSettings } from "../socket/tls-settings.js";

/** A function that opens a connection for undici. The signal ends the attempt. */
export type UndiciConnector = (
  options: buildConnector.Options,
  signal: AbortSignal,
) => Promise<Socket>;

/** The function of undici that creates connectors. A connector returns its socket at once, which its declaration omits. */
const buildSocketConnector = untypedBuildConnector as (
  options: buildConnector.BuildOptions,
) => (...args: Parameters<buildConnector.connector>) => Socket;

/**
 * Creates the function that opens direct connections for undici. The timeout covers name resolution, connecting and the TLS
 * handshake, in milliseconds.
 */
export function createDirectConnector(timeoutMs: number, tls: TlsSettings): UndiciConnector {
  const connect = buildSocketConnector({ timeout: timeoutMs, ...tls });
  return (options, signal) =>
    new Promise((resolve, reject) => {
      const servername = tls.servername ?? serverNameOf(options.hostname);
      const connecting = connect({ ...options, servername }, (...[error, socket]) => {
        stopListening();
        if (error === null) {
          resolve(socket);
        } else {
          reject(error);
        }
      });
      const stopListening = onAbort(signal, () => connecting.destroy(signal.reason as Error));
    });
}

/** Creates the function that opens connections to a forward proxy for undici. */
export function createProxyConnector(
  proxy: URL,
  timeoutMs: number,
  tls: TlsSettings,
): UndiciConnector {
  const connect = createDirectConnector(timeoutMs, toProxyTlsSettings(tls));
  return (options, signal) =>
    connect(options, signal).catch((cause: unknown) => {
      throw createProxyError(proxy, "", { cause });
    });
}

/** Creates the function that opens TLS connections through a forward proxy for undici. */
export function createTunnelConnector(
  proxy: URL,
  timeoutMs: number,
  tls: TlsSettings,
): UndiciConnector {
  return async (options, signal) => {
    const startedMs = performance.now();
    const target = formatHostWithPort(new URL(`${options.protocol}//${options.host}`));
    const httpSocket = await openTunnel({ proxy, target, timeoutMs, tls, signal });
    const leftMs = Math.max(1, timeoutMs - (performance.now() - startedMs));
    const socket = await createDirectConnector(leftMs, tls)({ ...options, httpSocket }, signal);
    // Bun has this method, and it throws for TLS within TLS. undici calls it if it is there.
    return Object.assign(socket, { setTypeOfService: undefined });
  };
}
