/** The headers of responses with a time by the clock of the server, in lower case. */
export const timeHeaders = ["date", "expires", "grpc-metadata-expires"] as const;
