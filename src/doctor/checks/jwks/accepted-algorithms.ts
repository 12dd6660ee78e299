/**
 * The signature algorithms of tokens that ZITADEL accepts: the defaults of its library zitadel/oidc (`CheckSignature` in
 * pkg/oidc/verifier.go). ZITADEL ignores the algorithms in the discovery document.
 */
export const acceptedAlgorithms: readonly string[] = ["RS256", "ES256", "PS256"];
