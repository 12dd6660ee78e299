/** The error for a mistake in the command line or in the settings of the user. */
export class UsageError extends Error {}
