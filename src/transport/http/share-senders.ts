import type { connectionNumbers } from "./connection-numbers.js";
import type { HttpOptions, HttpSend } from "./http.js";

/** The limits of connections, with defaults. */
type HttpLimits = Readonly<Record<keyof typeof connectionNumbers, number>>;

/** Returns a function that creates one sender for each combination of options, so that clients with the same options share it. */
export function shareSenders(
  create: (limits: HttpLimits) => HttpSend,
): (options: HttpOptions) => HttpSend {
  const senders = new Map<string, HttpSend>();
  return ({ connectTimeoutMs = 10_000, maxConnections = 256 }) => {
    const key = `${connectTimeoutMs} ${maxConnections}`;
    let sender = senders.get(key);
    if (sender === undefined) {
      sender = create({ connectTimeoutMs, maxConnections });
      senders.set(key, sender);
    }
    return sender;
  };
}
