// Formats numbers for tables.

/** Formats a number with thousands separators and without decimals. */
export const integer = (value) => Math.round(value).toLocaleString("en-US");

/** Formats a number with at least three significant digits. */
export function significant(value) {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

export const factor = (value) => (Number.isFinite(value) ? value.toFixed(2) : "–");
export const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
export const kilobytes = (bytes) => (bytes / 1000).toFixed(1);
export const milliseconds = (us) => significant(us / 1000);
