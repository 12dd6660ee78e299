/** The three numbers of a release, e.g. 4.15.3. */
export type Release = readonly [major: number, minor: number, patch: number];

/**
 * Parses the version of a server, e.g. `v4.15.3` or `4.0.0-rc.1`. Returns undefined for other versions, such as the build time that a
 * server built from source returns.
 */
export function parseRelease(version: string): Release | undefined {
  const [, major, minor, patch] =
    /^v?(\d{1,5})\.(\d{1,5})\.(\d{1,5})(?:-[\w.]+)?$/.exec(version) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/** Compares two releases: negative if the first is older, positive if it is newer. */
export function compareReleases(a: Release, b: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
