import { supportedLanguages } from "../errors/error-texts.js";

/** The paths of the endpoints for service users. */
export const discoveryPath = "/.well-known/openid-configuration";
export const keysPath = "/oauth/v2/keys";
export const tokenPath = "/oauth/v2/token";
export const introspectionPath = "/oauth/v2/introspect";
export const revocationPath = "/oauth/v2/revoke";
export const userinfoPath = "/oidc/v1/userinfo";

const clientAuthentication = [
  "none",
  "client_secret_basic",
  "client_secret_post",
  "private_key_jwt",
];

/** Creates the document of OpenID Connect Discovery. It lists all features of the real server, more than the emulator serves. */
export function createDiscoveryDocument(issuer: string): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/v2/authorize`,
    token_endpoint: issuer + tokenPath,
    introspection_endpoint: issuer + introspectionPath,
    userinfo_endpoint: issuer + userinfoPath,
    revocation_endpoint: issuer + revocationPath,
    end_session_endpoint: `${issuer}/oidc/v1/end_session`,
    device_authorization_endpoint: `${issuer}/oauth/v2/device_authorization`,
    jwks_uri: issuer + keysPath,
    scopes_supported: ["openid", "profile", "email", "phone", "address", "offline_access"],
    response_types_supported: ["code", "id_token", "id_token token"],
    response_modes_supported: ["query", "fragment", "form_post"],
    grant_types_supported: [
      "authorization_code",
      "implicit",
      "refresh_token",
      "client_credentials",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
      "urn:ietf:params:oauth:grant-type:device_code",
    ],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [
      "EdDSA",
      "RS256",
      "RS384",
      "RS512",
      "ES256",
      "ES384",
      "ES512",
    ],
    request_object_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: clientAuthentication,
    token_endpoint_auth_signing_alg_values_supported: ["RS256"],
    revocation_endpoint_auth_methods_supported: clientAuthentication,
    revocation_endpoint_auth_signing_alg_values_supported: ["RS256"],
    introspection_endpoint_auth_methods_supported: ["client_secret_basic", "private_key_jwt"],
    introspection_endpoint_auth_signing_alg_values_supported: ["RS256"],
    claims_supported: [
      "sub",
      "aud",
      "exp",
      "iat",
      "iss",
      "auth_time",
      "nonce",
      "acr",
      "amr",
      "c_hash",
      "at_hash",
      "act",
      "scopes",
      "client_id",
      "azp",
      "preferred_username",
      "name",
      "family_name",
      "given_name",
      "locale",
      "email",
      "email_verified",
      "phone_number",
      "phone_number_verified",
    ],
    code_challenge_methods_supported: ["S256"],
    ui_locales_supported: supportedLanguages,
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
}
