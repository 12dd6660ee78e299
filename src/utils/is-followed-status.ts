const followedStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Returns true for the status of a redirect that HTTP clients such as Go's follow to its `Location`. */
export function isFollowedStatus(status: number): boolean {
  return followedStatuses.has(status);
}
