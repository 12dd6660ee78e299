import type { Transport } from "@connectrpc/connect";
import {
  compressionGzip,
  createGrpcTransport,
  Http2SessionManager,
} from "zitadel-idp/transport/grpc";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { type CompatRequest, Compression, Protocol } from "./messages.js";

/** The transports under test. All gRPC calls to one server share a connection. */
export class Transports {
  readonly #sessions = new Map<string, Http2SessionManager>();

  for(request: CompatRequest): Transport {
    const scheme = request.serverTlsCert.length > 0 ? "https" : "http";
    const baseUrl = `${scheme}://${request.host}:${request.port}`;
    switch (request.protocol) {
      case Protocol.grpc:
        return createGrpcTransport({
          baseUrl,
          sessionManager: this.#session(baseUrl, request.serverTlsCert),
          ...(request.messageReceiveLimit > 0 && { readMaxBytes: request.messageReceiveLimit }),
          // Without a lower limit, small messages would not be compressed, and all of the suite's are small.
          ...(request.compression === Compression.gzip
            ? {
                acceptCompression: [compressionGzip],
                sendCompression: compressionGzip,
                compressMinBytes: 0,
              }
            : { acceptCompression: [] }),
        });
      case Protocol.grpcWeb:
        return createGrpcWebTransport({ baseUrl });
      default:
        throw new Error(`no transport for protocol ${request.protocol}`);
    }
  }

  close(): void {
    for (const session of this.#sessions.values()) {
      session.abort();
    }
  }

  #session(baseUrl: string, certificate: Uint8Array): Http2SessionManager {
    const known = this.#sessions.get(baseUrl);
    if (known !== undefined) {
      return known;
    }
    const tls = certificate.length > 0 ? { ca: Buffer.from(certificate) } : undefined;
    const session = new Http2SessionManager(baseUrl, {}, tls);
    this.#sessions.set(baseUrl, session);
    return session;
  }
}
