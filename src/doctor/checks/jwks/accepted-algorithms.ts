/**
 * The signature algorithms of tokens that ZITADEL accepts. They are the defaults of its library zitadel/oidc (`CheckSignature` in
 * pkg/oidc/verifier.go): ZITADEL does not take the algorithms of the discovery document.
 */
export const acceptedAlgorithms: readonly string[] = ["RS256", "ES256", "PS256"];
