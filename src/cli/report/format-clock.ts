/** The difference that is common and harmless, in milliseconds. */
const harmlessMs = 5000;

/** Describes the difference between the local clock and the server's, from the lead that headers show: up to a second too low. */
export function formatClock(serverLeadMs: number | undefined): string {
  if (serverLeadMs === undefined) {
    return "unknown, because no response shows the server's time";
  }
  const leadMs = estimateLead(serverLeadMs);
  const seconds = Math.round(Math.abs(leadMs) / 1000);
  return Math.abs(leadMs) <= harmlessMs
    ? "agrees with the server's"
    : `${seconds} s ${leadMs > 0 ? "behind" : "ahead of"} the server's: set the clock of this machine`;
}

/** Returns the middle of the possible range: headers cut the time to whole seconds. */
export function estimateLead(serverLeadMs: number): number {
  return serverLeadMs + 500;
}
