import type { Transport } from "@connectrpc/connect";
import type { ClientLimits } from "./check-limits.js";
import type { IdpClientOptions } from "./idp-client-options.js";

/**
 * Options of `createIdpClient` for a client over any Connect transport, e.g. one of connect-node or connect-web, or
 * `createRouterTransport` in a test. Retries, errors, deadlines, the token and the organization work as with our own transports,
 * except for what `docs/other-transports.md` lists.
 *
 * @example
 * const transport = createGrpcTransport({ baseUrl }); // of @connectrpc/connect-node
 * const options: TransportClientOptions = { transport, auth: token, orgId };
 */
export interface TransportClientOptions extends Omit<
  IdpClientOptions,
  "baseUrl" | "protocol" | "connectTimeoutMs" | "proxy" | "tls" | "limits" | "fetch"
> {
  /** The transport that sends the requests. It decides the server, so the client cannot check where its token goes. */
  transport: Transport;
  /** The address of the ZITADEL instance, for hints in errors. Required if `auth` is a function or a token source. */
  baseUrl?: string | URL | undefined;
  /** The function that sends requests for tokens. Default: the global `fetch`; in Node.js, Bun and Deno `node:http`. */
  fetch?: typeof globalThis.fetch | undefined;
  /** The limit for responses of the token issuer. The transport has its own limits for responses of the API. */
  limits?: Pick<ClientLimits, "maxTokenResponseBytes"> | undefined;
}
