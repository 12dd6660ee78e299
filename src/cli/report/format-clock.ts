import { harmlessClockDifferenceMs } from "../../utils/harmless-clock-difference-ms.js";

/** Describes the difference between the local clock and the server's. `serverLeadMs` may be up to a second too low. */
export function formatClock(serverLeadMs: number | undefined): string {
  if (serverLeadMs === undefined) {
    return "unknown, because no response shows the server's time";
  }
  const leadMs = estimateLead(serverLeadMs);
  const seconds = Math.round(Math.abs(leadMs) / 1000);
  return Math.abs(leadMs) <= harmlessClockDifferenceMs
    ? "agrees with the server's"
    : `${seconds} s ${leadMs > 0 ? "behind" : "ahead of"} the server's: set the clock of this machine`;
}

/** Returns the most likely lead. Headers cut the time to whole seconds, so it is half a second larger on average. */
export function estimateLead(serverLeadMs: number): number {
  return serverLeadMs + 500;
}
