import type { TokenReport } from "../../whoami/describe-credential.js";

const tokenKinds: Readonly<Record<TokenReport["kind"], string>> = {
  jwtAccessToken: "JWT access token",
  opaqueAccessToken: "opaque access token",
  opaqueToken: "personal access token, or another opaque token, which looks the same",
  assertion:
    "JWT that a user signed, which is not an access token: pass the key file of the user in --key-file",
};

/** Describes the kind of a token. */
export function formatTokenKind({ kind }: TokenReport): string {
  return tokenKinds[kind];
}

/** Describes the expiry of a token. */
export function formatTokenExpiry({ expiresAt, issuer }: TokenReport): string {
  const from = issuer === undefined ? "" : `, from the issuer ${issuer}`;
  if (expiresAt === undefined) {
    return `expires at an unknown time, because such a token does not show it${from}`;
  }
  const verb = Date.parse(expiresAt) <= Date.now() ? "expired" : "expires";
  return `${verb} at ${expiresAt}${from}`;
}
