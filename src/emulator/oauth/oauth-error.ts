/** An error of an endpoint of OAuth (RFC 6749, 5.2). The description may be empty. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  constructor(
    readonly code:
      | "access_denied"
      | "invalid_client"
      | "invalid_grant"
      | "invalid_request"
      | "unauthorized_client"
      | "unsupported_grant_type",
    description: string,
    /** The HTTP status. The server also sends 400 for an unknown client, for which the RFC asks for 401. */
    readonly status: 400 | 401 = 400,
  ) {
    super(description);
  }
}
