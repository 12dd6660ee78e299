/** An error of the token endpoint (RFC 6749, 5.2). */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  constructor(
    readonly code:
      "invalid_client" | "invalid_grant" | "invalid_request" | "unsupported_grant_type",
    description: string,
  ) {
    super(description);
  }
}
