import type { Agent } from "undici";
// Not "undici" itself: importing that puts its own dispatcher under the global fetch.
// @ts-expect-error: it has no declarations
import UntypedAgent from "undici/lib/dispatcher/agent.js";

/** Makes an agent of undici, which keeps connections by origin. */
export function createAgent(options: Agent.Options): Agent {
  return new (UntypedAgent as new (options: Agent.Options) => Agent)(options);
}
