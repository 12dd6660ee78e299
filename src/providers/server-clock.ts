/** The server's clock, as far as its answers tell. */
export interface ServerClock {
  /** Takes the `date` of an answer into account. Pages of another origin may not see it: browsers hide it from them. */
  observe(headers: Headers): void;
  /**
   * What the server's clock showed, at the earliest, when the local one showed `local`. At most 1.3 s earlier than it
   * was, and the time that the answer took. None before the first `date`.
   */
  earliest(local: Date): Date | undefined;
}

/** A `date` comes from the web server and dates of objects from the database: their clocks may differ so much. */
const clocksDifferMs = 250;

export function createServerClock(): ServerClock {
  let aheadMs = Number.NEGATIVE_INFINITY;
  return {
    observe(headers) {
      const date = Date.parse(headers.get("date") ?? "");
      if (!Number.isNaN(date)) {
        // The `date` is cut to seconds and as old as its way here was long, so the truth is never below any of them.
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
