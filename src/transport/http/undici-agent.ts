import type { Agent, buildConnector } from "undici";
// Import this file instead of "undici", which would register its own dispatcher for the global fetch.
// @ts-expect-error: it has no declarations
import UntypedAgent from "undici/lib/dispatcher/agent.js";

/** Creates an agent of undici, which keeps up to `connections` connections to each origin and opens them with `connect`. */
export function createAgent(connections: number, connect: buildConnector.connector): Agent {
  return new (UntypedAgent as new (options: Agent.Options) => Agent)({
    connections,
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        // After the handshake, Node.js reports a TLS error only as an event. Without this listener, the call would wait for a
        // response that cannot come.
        socket?.on("error", () => socket.destroy());
        callback(...([error, socket] as Parameters<typeof callback>));
      }),
  });
}
