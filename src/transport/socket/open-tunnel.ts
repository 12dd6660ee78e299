import * as http from "node:http";
import * as https from "node:https";
import { isIP, type Socket } from "node:net";
import { onAbort } from "../../utils/abort.js";
import { createConnectTimeoutError } from "./connect-timeout-error.js";
import { createProxyError } from "./proxy-error.js";
import { createProxyHeaders } from "./proxy-headers.js";
import { toProxyTlsSettings, type TlsSettings } from "./tls-settings.js";
import { unbracketHost } from "../../utils/unbracket-host.js";

/** Options of `openTunnel`. */
interface TunnelOptions {
  readonly proxy: URL;
  /** The host and port of the server. */
  readonly target: string;
  /** The timeout for connecting to the proxy and for its answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly tls: TlsSettings;
  /** The signal that ends the attempt. The promise then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a connection to a server through a forward proxy, by CONNECT (RFC 9110, section 9.3.6). Rejects with an error that names the
 * proxy if it cannot be reached or refuses.
 */
export function openTunnel({
  proxy,
  target,
  timeoutMs,
  tls,
  signal,
}: TunnelOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const isSecure = proxy.protocol === "https:";
    const hostname = unbracketHost(proxy.hostname);
    const request = (isSecure ? https : http).request({
      hostname,
      port: proxy.port,
      method: "CONNECT",
      path: target,
      headers: { host: target, ...createProxyHeaders(proxy) },
      agent: false,
      ...(isSecure && {
        ...toProxyTlsSettings(tls),
        // By default, TLS would expect the name in the header `host`.
        servername: isIP(hostname) === 0 ? hostname : "",
        ALPNProtocols: ["http/1.1"],
      }),
    });
    const timer = setTimeout(
      () => request.destroy(createConnectTimeoutError("the proxy did not answer in time")),
      timeoutMs,
    );
    const stopListening = signal && onAbort(signal, () => request.destroy());
    const stopWaiting = (): void => {
      clearTimeout(timer);
      stopListening?.();
    };
    request.once("error", (cause) => {
      stopWaiting();
      reject(signal?.aborted ? signal.reason : createProxyError(proxy, target, { cause }));
    });
    request.once("connect", ({ statusCode: status = 0 }, socket: Socket, head) => {
      stopWaiting();
      if (status < 200 || status >= 300) {
        socket.destroy();
        reject(createProxyError(proxy, target, { status }));
        return;
      }
      if (head.length > 0) {
        // An HTTP/2 server may have sent its first bytes already.
        socket.unshift(head);
      }
      socket.setKeepAlive(true, keepAliveMs);
      resolve(socket);
    });
    request.end();
  });
}

/** The time after which TCP checks a silent connection, in milliseconds. */
const keepAliveMs = 60_000;
