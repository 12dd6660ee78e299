import { checkDestination, discoverIssuer, type Issuer } from "./discover-issuer.js";
import type { CheckedEndpointOptions } from "./endpoint-options.js";
import { toInstanceKey } from "./instance-key.js";
import type { TokenRequest } from "./token-supplier.js";

/** A cache of the issuers of one token source. */
export class IssuerCache {
  #options: CheckedEndpointOptions;
  /**
   * The issuers by their name or their instance. The map holds issuers, not promises of them, because in an edge runtime a promise that
   * belongs to an ended request may never settle.
   */
  #issuers = new Map<string, Issuer>();

  constructor(options: CheckedEndpointOptions) {
    this.#options = options;
  }

  /**
   * Returns the issuer for a request. Reads its discovery document once. Throws `failed_precondition` if the credentials would travel
   * unencrypted to its token endpoint. The check runs for each request, because an earlier request may have had no proxy.
   */
  async find(request: TokenRequest): Promise<Issuer> {
    const key = this.#options.issuer ?? toInstanceKey(request);
    const issuer = this.#issuers.get(key) ?? (await discoverIssuer(request, this.#options));
    this.#issuers.set(key, issuer);
    const endpoint = new URL(issuer.metadata.token_endpoint);
    checkDestination("token endpoint", endpoint, request, this.#options);
    return issuer;
  }

  /** Drops an issuer, so that the next request reads the discovery document again. */
  forget(issuer: Issuer): void {
    for (const [key, each] of this.#issuers) {
      if (each === issuer) {
        this.#issuers.delete(key);
      }
    }
  }
}
