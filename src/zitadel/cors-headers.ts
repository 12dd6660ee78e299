/** The request headers that ZITADEL's CORS rules for RPCs allow over every wire protocol. */
export const corsRequestHeaders: readonly string[] = [
  "accept",
  "accept-language",
  "authorization",
  "content-type",
  "origin",
  "x-grpc-web",
  "x-user-agent",
  "x-zitadel-orgid",
];

/** The request headers that ZITADEL's CORS rules allow over JSON, in addition to `corsRequestHeaders`. */
export const jsonCorsRequestHeaders: readonly string[] = [
  "connect-protocol-version",
  "connect-timeout-ms",
  "grpc-timeout",
  "x-requested-with",
];
