import type { Agent } from "undici";
// Not "undici" itself: importing that puts its own dispatcher under the global fetch.
// @ts-expect-error: it has no declarations
import UntypedAgent from "undici/lib/dispatcher/agent.js";

/** Makes undici's agent, which keeps connections by origin. */
export function createAgent(): Agent {
  return new (UntypedAgent as new () => Agent)();
}
