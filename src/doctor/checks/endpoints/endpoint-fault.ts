/** The statuses of a server without such an endpoint, or without one for this method. */
const absentStatuses: ReadonlySet<number> = new Set([404, 405, 410, 501]);

/** The fault of the answer of an endpoint: `broken` if it prevents all sign-ins, `unchecked` if its effect is unknown. */
export interface EndpointFault {
  readonly severity: "broken" | "unchecked";
  /** The fact, without a subject, e.g. `answers with HTTP 404`. */
  readonly fact: string;
  /** The HTTP status, if it alone is the fault. */
  readonly status?: number | undefined;
}

/**
 * Returns the fault that the status of an answer alone proves, for any endpoint: the endpoint does not exist, or its server fails. Other
 * statuses prove nothing, because a firewall or a rate limit may treat ZITADEL differently.
 */
export function findStatusFault(status: number): EndpointFault | undefined {
  return absentStatuses.has(status) || status >= 500
    ? { severity: "broken", fact: `answers with HTTP ${status}`, status }
    : undefined;
}
