import type { Agent } from "undici";
// Import this file instead of "undici", which would register its own dispatcher for the global fetch.
// @ts-expect-error: it has no declarations
import UntypedAgent from "undici/lib/dispatcher/agent.js";
import type { ConnectionAttempts } from "./connection-attempts.js";
import type { UndiciConnector } from "./undici-connector.js";

/** Creates an agent of undici, which keeps up to `connections` connections to each origin and opens them with `connect`. */
export function createUndiciAgent(
  connections: number,
  connect: UndiciConnector,
  attempts: ConnectionAttempts,
): Agent {
  return new (UntypedAgent as new (options: Agent.Options) => Agent)({
    connections,
    connect: (options, callback) => {
      attempts
        .open((signal) => connect(options, signal))
        .then(
          (socket) => {
            // After the handshake, Node.js reports a TLS error only as an event. Without this listener, the call would wait for a
            // response that cannot come.
            socket.on("error", () => socket.destroy());
            callback(null, socket);
          },
          (error: Error) => callback(error, null),
        );
    },
  });
}
