/** The error for a provider that the user named and that does not exist. */
export class UnknownProviderError extends Error {}
