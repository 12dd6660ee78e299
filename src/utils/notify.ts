/** Ignores the rejection of a callback that is not awaited. A rejected promise without a handler would end the process. */
export function ignoreRejection(result: unknown): void {
  if (typeof result === "object" && result !== null && "then" in result) {
    Promise.resolve(result).catch(() => undefined);
  }
}

/** Calls a callback that only observes, and ignores its failure. */
export function notify(callback: () => unknown): void {
  try {
    ignoreRejection(callback());
  } catch {
    // An observer must not break the observed work.
  }
}
