/**
 * Ignores the failure of a callback that was called without waiting for it: a rejected promise without a handler would end
 * the process.
 */
export function ignoreRejection(result: unknown): void {
  if (typeof result === "object" && result !== null && "then" in result) {
    Promise.resolve(result).catch(() => undefined);
  }
}

/** Calls a callback that only observes, whatever it does: its failure must not break the work that it observes. */
export function notify(callback: () => unknown): void {
  try {
    ignoreRejection(callback());
  } catch {
    // For the reason above.
  }
}
