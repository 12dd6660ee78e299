import type { HeaderList } from "../wire/http-message.js";

/** A request to an endpoint of OAuth. */
export interface OAuthRequest {
  readonly form: URLSearchParams;
  readonly headers: HeaderList;
  readonly issuer: string;
}
