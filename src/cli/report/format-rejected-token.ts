import type { Token } from "../../auth/token-supplier.js";
import { describeCredential } from "../../whoami/describe-credential.js";
import type { Credentials } from "../connection/credentials.js";
import { formatTokenExpiry, formatTokenKind } from "./format-token.js";

/** Describes the token that ZITADEL rejected: its origin, its kind and its expiry. */
export function formatRejectedToken(token: Token, { kind, secret }: Credentials): string[] {
  const report = describeCredential(token, kind !== "token");
  const origin = kind === "token" ? `comes from ${secret.name}` : `was fetched with ${secret.name}`;
  return [`the token ${origin}: ${formatTokenKind(report)}`, `it ${formatTokenExpiry(report)}`];
}
