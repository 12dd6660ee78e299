/** The text that takes the place of a secret. */
export const redacted = "[redacted]";
