import type { Agent, buildConnector } from "undici";
// Not "undici" itself: importing that puts its own dispatcher under the global fetch.
// @ts-expect-error: it has no declarations
import untypedBuildConnector from "undici/lib/core/connect.js";
// @ts-expect-error: it has no declarations
import UntypedAgent from "undici/lib/dispatcher/agent.js";

/** Limits of the connections of an agent. */
interface AgentOptions {
  /** The time for name resolution, connecting and the TLS handshake, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** The number of connections to one origin. */
  readonly connections: number;
}

/** Makes an agent of undici, which keeps connections by origin. */
export function createAgent({ connectTimeoutMs, connections }: AgentOptions): Agent {
  const connect = (untypedBuildConnector as typeof buildConnector)({ timeout: connectTimeoutMs });
  return new (UntypedAgent as new (options: Agent.Options) => Agent)({
    connections,
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        // After the handshake Node.js only reports an error of TLS. Without this the call would wait for an answer that cannot come.
        socket?.on("error", () => socket.destroy());
        callback(...([error, socket] as Parameters<typeof callback>));
      }),
  });
}
