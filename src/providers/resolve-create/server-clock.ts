import { parseHttpDate } from "../../utils/parse-http-date.js";

/** An estimate of the server's clock, based on its responses. */
export interface ServerClock {
  /** Reads the headers of a response or of an error. */
  observe(headers: Headers): void;
  /**
   * Returns the lead of the server's clock over the local clock, in milliseconds. The true lead may be larger by up to a second plus the
   * response time. Returns undefined if no header has shown the server's clock.
   */
  leadMs(): number | undefined;
  /**
   * Returns the earliest time that the server's clock may have shown when the local clock showed `local`. The true time may be later by
   * up to 1.3 s plus the response time. Returns undefined if no header has shown the server's clock.
   */
  earliest(local: Date): Date | undefined;
}

/**
 * The assumed difference between two clocks of the server: headers come from the process that serves the request, dates of objects from
 * the database.
 */
const maxClockDifferenceMs = 250;

/** Creates an estimate of the server's clock that has not seen any response yet. */
export function createServerClock(): ServerClock {
  // A time in a header is cut to seconds, and as old as its time in transit. The true lead of the server's clock is therefore at least
  // as large as each observed lead, and the largest is the best estimate.
  const leadsMs = { own: Number.NEGATIVE_INFINITY, date: Number.NEGATIVE_INFINITY };
  const leadMs = (): number | undefined => {
    // A proxy replaces `date` by the time of its own clock, so `date` only counts if ZITADEL's own time is unknown.
    const lead = Number.isFinite(leadsMs.own) ? leadsMs.own : leadsMs.date;
    return Number.isFinite(lead) ? lead : undefined;
  };
  return {
    observe(headers) {
      const nowMs = Date.now();
      const time = readServerTime(headers, nowMs);
      if (time !== undefined) {
        leadsMs[time.source] = Math.max(leadsMs[time.source], time.ms - nowMs);
      }
    },
    leadMs,
    earliest(local) {
      const lead = leadMs();
      return lead === undefined
        ? undefined
        : new Date(local.getTime() + lead - maxClockDifferenceMs);
    },
  };
}

/** The time in the headers of a response. ZITADEL itself wrote an `own` time; a `date` may come from a proxy. */
interface ServerTime {
  readonly source: "own" | "date";
  readonly ms: number;
}

/**
 * Returns the server's time from the headers of a response. Undefined if they show none that is trustworthy.
 *
 * ZITADEL sends `expires: <now>` with `cache-control: no-store` in each response of an RPC, errors included, and `date` over JSON
 * only. Over gRPC and gRPC-web it repeats the time in `grpc-metadata-expires`, which no proxy sets or replaces. Proxies replace
 * the other two headers:
 *
 * - `expires` counts only beside `cache-control: no-store`, because a proxy that sets `expires` to a later time (such as nginx
 *   with `expires 1h`) sets a `max-age` too. It does not count if it is more than a day away, because then it is one of the fixed
 *   dates that forbid caching, such as 1970.
 * - If `expires` is more than a minute away from `date`, one of them is not the time of the server, and neither counts.
 */
function readServerTime(headers: Headers, nowMs: number): ServerTime | undefined {
  const copyMs = parseHttpDate(headers.get("grpc-metadata-expires"));
  if (copyMs !== undefined) {
    return { source: "own", ms: copyMs };
  }
  const dateMs = parseHttpDate(headers.get("date"));
  const expiresMs = forbidsStoring(headers) ? parseHttpDate(headers.get("expires")) : undefined;
  if (expiresMs === undefined || Math.abs(expiresMs - (dateMs ?? nowMs)) > dayMs) {
    return dateMs === undefined ? undefined : { source: "date", ms: dateMs };
  }
  const isContradicted = dateMs !== undefined && Math.abs(expiresMs - dateMs) > minuteMs;
  return isContradicted ? undefined : { source: "own", ms: expiresMs };
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Returns true if a response must not be stored for any time. A proxy may have added more directives. */
function forbidsStoring(headers: Headers): boolean {
  const text = headers.get("cache-control") ?? "";
  const directives = text.split(",").map((each) => each.trim().toLowerCase());
  return (
    directives.includes("no-store") &&
    directives.every((each) => !each.startsWith("max-age=") || each === "max-age=0")
  );
}
