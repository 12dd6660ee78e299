import {
  type ClientCredentialsOptions,
  createClientCredentialsSupplier,
} from "./auth/client-credentials-supplier.js";
import { createTokenSource, type TokenSource } from "./auth/token-source.js";
import { withSocketFetch } from "./with-socket-fetch.js";

/**
 * Creates a token source for a service user with a client secret (client credentials grant). The secret is sent to the token
 * endpoint only, by HTTP Basic. Prefer a key (`serviceAccount`) if you have one: a key never leaves the machine.
 *
 * Calls fail with `unauthenticated` if ZITADEL rejects the secret, with `unavailable` if ZITADEL cannot be reached, and with
 * `failed_precondition` if the issuer is misconfigured. Throws a TypeError if an option is invalid.
 *
 * @example
 * const auth = clientCredentials({ clientId: "ci-bot", clientSecret });
 * const zitadel = createIdpClient({ baseUrl: "https://acme.zitadel.cloud", auth });
 */
export function clientCredentials(options: ClientCredentialsOptions): TokenSource {
  return createTokenSource(
    withSocketFetch(createClientCredentialsSupplier(options), options),
    options,
  );
}
