/** The statuses of a server that has no such endpoint, or none for this method. */
const absentStatuses: ReadonlySet<number> = new Set([404, 405, 410, 501]);

/** The fault of an endpoint that answers: `broken` if nobody can sign in because of it, otherwise nobody knows. */
export interface EndpointFault {
  readonly severity: "broken" | "unchecked";
  /** The fact, without a subject, e.g. `answers with HTTP 404`. */
  readonly fact: string;
  /** The HTTP status, if it alone is the fault. */
  readonly status?: number | undefined;
}

/**
 * Returns the verdict on an endpoint by the status of its answer alone. It is the same for all endpoints: a server that fails is broken,
 * and a firewall or a rate limit may treat ZITADEL differently.
 */
export function findStatusFault(status: number): EndpointFault | undefined {
  return absentStatuses.has(status) || status >= 500
    ? { severity: "broken", fact: `answers with HTTP ${status}`, status }
    : undefined;
}
