import type { Agent, buildConnector } from "undici";
// Import these files instead of "undici", which would register its own dispatcher for the global fetch.
// @ts-expect-error: it has no declarations
import untypedBuildConnector from "undici/lib/core/connect.js";
// @ts-expect-error: it has no declarations
import UntypedAgent from "undici/lib/dispatcher/agent.js";

/** Limits for the connections of an agent. */
interface AgentOptions {
  /** The timeout for name resolution, connecting and the TLS handshake, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The maximum number of connections to one origin. */
  readonly connections: number;
}

/** Creates an agent of undici, which keeps connections by origin. */
export function createAgent({ connectTimeoutMs, connections }: AgentOptions): Agent {
  const connect = (untypedBuildConnector as typeof buildConnector)({ timeout: connectTimeoutMs });
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
