/** The longest lag, in milliseconds: one hour. */
export const maxLagMs = 3_600_000;
