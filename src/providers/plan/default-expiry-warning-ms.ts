/** The default time before an expiry from which it is reported, in milliseconds: 30 days. */
export const defaultExpiryWarningMs: number = 30 * 86_400_000;
