/** The first time of a `google.protobuf.Timestamp`, 0001-01-01T00:00:00Z, in seconds since 1970. */
export const minTimestampSeconds = -62_135_596_800;

/** The last full second of a `google.protobuf.Timestamp`, 9999-12-31T23:59:59Z, in seconds since 1970. */
export const maxTimestampSeconds = 253_402_300_799;

/** The longest `google.protobuf.Duration`, ten thousand years, in seconds. */
export const maxDurationSeconds = 315_576_000_000;
