/** An estimate of the server's clock, based on its responses. */
export interface ServerClock {
  /** Reads the `date` header of a response. Browsers hide that header from pages of another origin. */
  observe(headers: Headers): void;
  /**
   * Returns the earliest time that the server's clock may have shown when the local clock showed `local`. The result is at most
   * 1.3 s plus the response time earlier than the true time. Returns undefined before the first `date`.
   */
  earliest(local: Date): Date | undefined;
}

/**
 * The assumed difference between two clocks of the server: `date` comes from the web server, the dates of objects come from the
 * database.
 */
const clocksDifferMs = 250;

/** Creates an estimate of the server's clock that has not seen any response yet. */
export function createServerClock(): ServerClock {
  let aheadMs = Number.NEGATIVE_INFINITY;
  return {
    observe(headers) {
      const date = Date.parse(headers.get("date") ?? "");
      if (!Number.isNaN(date)) {
        // The `date` is cut to seconds and as old as its time in transit. So the true value is never below any of these, and
        // the largest is the best.
        aheadMs = Math.max(aheadMs, date - Date.now());
      }
    },
    earliest(local) {
      return Number.isFinite(aheadMs)
        ? new Date(local.getTime() + aheadMs - clocksDifferMs)
        : undefined;
    },
  };
}
