import { hasValidTokens } from "../store/accounts.js";
import type { EmulatorState } from "../store/emulator-state.js";
import type { AccessGrant } from "../store/issued-tokens.js";
import { findFirstHeader } from "../wire/http-message.js";
import { OAuthError } from "./oauth-error.js";
import type { OAuthRequest } from "./oauth-request.js";
import { createUserClaims, type UserClaims } from "./user-claims.js";

const scheme = "bearer ";

/** The scopes of every personal access token. */
const scopesOfPersonalTokens = ["openid", "profile", "urn:zitadel:iam:user:resourceowner"];

/** Returns the claims on the user of an access token. The token comes in the header or in the form. Throws an OAuthError. */
export function serveUserinfo(
  state: EmulatorState,
  { headers, form }: Pick<OAuthRequest, "headers" | "form">,
): UserClaims {
  const header = findFirstHeader(headers, "authorization") ?? "";
  const isBearer = header.slice(0, scheme.length).toLowerCase() === scheme;
  const token = (isBearer && header.slice(scheme.length)) || (form.get("access_token") ?? "");
  if (token === "") {
    throw new OAuthError("invalid_request", "access token missing", 401);
  }
  const grant = findGrant(state, token);
  if (grant === undefined) {
    throw new OAuthError("access_denied", "access token invalid", 401);
  }
  const { user, scopes } = grant;
  const profile = {
    name: user.displayName,
    updated_at: Number(user.created.at.seconds),
    preferred_username: user.name,
  };
  return {
    sub: user.id,
    ...(scopes.includes("profile") ? profile : {}),
    ...createUserClaims(state, user, scopes),
  };
}

function findGrant(
  { tokens, accounts }: EmulatorState,
  token: string,
): Pick<AccessGrant, "user" | "scopes"> | undefined {
  const owner = tokens.get(token);
  const grant =
    owner === undefined
      ? accounts.issued.find(token)
      : { user: owner, scopes: scopesOfPersonalTokens };
  return grant !== undefined && hasValidTokens(accounts, grant.user) ? grant : undefined;
}
