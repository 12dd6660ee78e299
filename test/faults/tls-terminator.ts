import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { createSelfSigned } from "../support/wrong-servers.js";

/** A server that accepts TLS connections and forwards their bytes to a plain port, as load balancers do. */
export interface TlsTerminator {
  readonly port: number;
  close(): Promise<void>;
}

let certificate: ReturnType<typeof createSelfSigned> | undefined;

/**
 * Starts a terminator in front of a port of this machine. By default it accepts HTTP/1.1 and HTTP/2, and all terminators of a
 * process share one certificate.
 */
export async function startTlsTerminator(
  targetPort: number,
  options: TlsOptions = {},
): Promise<TlsTerminator> {
  const credentials =
    options.cert === undefined ? await (certificate ??= createSelfSigned()) : undefined;
  const sockets = new Set<Socket>();
  const server = createServer(
    { ALPNProtocols: ["h2", "http/1.1"], noDelay: true, ...credentials, ...options },
    (client) => {
      const upstream = connect(targetPort, "127.0.0.1").setNoDelay(true);
      sockets.add(upstream);
      upstream.on("close", () => sockets.delete(upstream));
      join(client, upstream);
      join(upstream, client);
    },
  );
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
}

/** Forwards bytes in one direction. Ends the target socket when the source socket ends, after all bytes were written. */
function join(from: Socket, to: Socket): void {
  from.on("data", (chunk) => to.write(chunk));
  from.on("end", () => to.end());
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroySoon());
}

/** Turns certificate checks of this process off. Returns a function that restores them. */
export function trustAnyCertificate(): () => void {
  const name = "NODE_TLS_REJECT_UNAUTHORIZED";
  const before = process.env[name];
  process.env[name] = "0";
  return () => {
    if (before === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = before;
    }
  };
}
