import type { HttpSend } from "./send-request.js";
import { type SenderOptions, shareSenders } from "./share-senders.js";
import { createHttp2Send } from "./http2-send.js";
import { Http2SessionManager } from "../http2/http2-session-manager.js";

/** Returns a function that sends requests other than gRPC over HTTP/2, over one connection to each server. */
export const createSharedHttp2Send: (options: SenderOptions) => HttpSend = shareSenders(
  ({ connectTimeoutMs, proxy, tls: { servername: serverName, ...certificates } }) => {
    const tls = { ...certificates, serverName };
    const senders = new Map<string, HttpSend>();
    return async (request) => {
      const { origin } = new URL(request.url);
      const sender =
        senders.get(origin) ??
        createHttp2Send(
          new Http2SessionManager(origin, { connectTimeoutMs, proxy: proxy ?? false, tls }),
        );
      senders.set(origin, sender);
      return await sender(request);
    };
  },
);
