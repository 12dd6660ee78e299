import type { TokenEndpointOptions } from "./auth/endpoint-options.js";
import type { ServiceAccountKey } from "./auth/service-account-key.js";
import { createServiceAccountSupplier } from "./auth/service-account-supplier.js";
import { createTokenSource, type TokenSource } from "./auth/token-source.js";
import { withSocketFetch } from "./with-socket-fetch.js";

/** Options of `serviceAccount` besides the key file. */
export interface ServiceAccountOptions extends TokenEndpointOptions {}

/**
 * Creates a token source for a service user with a key (JWT profile, RFC 7523). `key` is the key file that ZITADEL creates, as an
 * object or as JSON text. The key never leaves this machine. Works in every runtime with WebCrypto.
 *
 * A difference between the local clock and the server's clock is corrected. Calls fail with `unauthenticated` if ZITADEL rejects
 * the key, with `unavailable` if ZITADEL cannot be reached, and with `failed_precondition` if the issuer is misconfigured. Throws
 * a TypeError if the key file or an option is invalid.
 *
 * @example
 * const key = await readFile("key.json", "utf8");
 * const zitadel = createIdpClient({ baseUrl: "https://acme.zitadel.cloud", auth: serviceAccount(key) });
 */
export function serviceAccount(
  key: ServiceAccountKey | string | undefined,
  options: ServiceAccountOptions = {},
): TokenSource {
  return createTokenSource(
    withSocketFetch(createServiceAccountSupplier(key, options), options),
    options,
  );
}
