// Formats numbers for tables.

/** Formats a number with thousands separators and without decimals. */
export const formatInteger = (value) => Math.round(value).toLocaleString("en-US");

/** Formats a number with at least three significant digits. */
export function formatSignificant(value) {
  const size = Math.abs(value);
  if (size >= 100) {
    return value.toFixed(0);
  }
  return value.toFixed(size >= 10 ? 1 : 2);
}

export const formatFactor = (value) => (Number.isFinite(value) ? value.toFixed(2) : "–");
export const formatPercent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
export const formatMegabytes = (bytes) => (bytes / 1e6).toFixed(1);
export const formatKilobytes = (bytes) => (bytes / 1000).toFixed(1);
export const formatMilliseconds = (us) => formatSignificant(us / 1000);
