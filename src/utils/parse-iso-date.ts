const isoDate = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Parses an ISO 8601 date such as `2027-03-01`, or a date and time with its zone such as `2027-03-01T12:00:00Z`. A date without a
 * time is its beginning in UTC. Returns undefined for any other text, and for a day that does not exist.
 */
export function parseIsoDate(text: string): Date | undefined {
  const day = isoDate.exec(text)?.[1] ?? "";
  const [midnight, time] = [new Date(day), new Date(text)];
  const isValid = [midnight, time].every((each) => !Number.isNaN(each.getTime()));
  // JavaScript reads February 30 as March 2.
  return isValid && midnight.toISOString().startsWith(day) ? time : undefined;
}
