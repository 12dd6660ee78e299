import type { HttpSend } from "./send-request.js";
import type { TlsSettings } from "../socket/tls-settings.js";

/** The options of a sender, with defaults. */
export interface SenderOptions {
  readonly connectTimeoutMs: number;
  readonly maxConnections: number;
  /** The forward proxy for all requests. */
  readonly proxy: URL | undefined;
  readonly tls: TlsSettings;
}

/** Returns a function that creates one sender for each combination of options, so that clients with the same options share it. */
export function shareSenders(
  create: (options: SenderOptions) => HttpSend,
): (options: SenderOptions) => HttpSend {
  const senders = new Map<string, HttpSend>();
  return (options) => {
    const { connectTimeoutMs, maxConnections, proxy, tls } = options;
    const key = JSON.stringify([connectTimeoutMs, maxConnections, proxy, tls]);
    let sender = senders.get(key);
    if (sender === undefined) {
      sender = create(options);
      senders.set(key, sender);
    }
    return sender;
  };
}
