/** A connection to an instance of ZITADEL. It lives in memory only, so that a reload of the page signs out. */
export interface Connection {
  /** The URL of the instance. */
  readonly baseUrl: string;
  /** The access token of the user. */
  readonly token: string;
}
