import { createPrivateKey, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { bytesRuleText, countBytes, textToBytes } from "../../../providers/model/bytes-text.js";
import { checkAppleKey } from "../../../providers/model/checks/pem-fields.js";
import { restorePemLineBreaks } from "../../../providers/model/pem-line-breaks.js";

/** The fields from which ZITADEL makes the client secret. */
export interface AppleKey {
  readonly key: KeyObject;
  readonly keyId: string;
  readonly teamId: string;
  readonly clientId: string;
}

const lifetimeSeconds = 3600;

/** Reads the private key in a PEM text. Returns its problem for an invalid text, without repeating the text. */
export function readAppleKey(
  text: string,
): { readonly key: KeyObject } | { readonly problem: string } {
  if (countBytes(text) === undefined) {
    return { problem: bytesRuleText };
  }
  const problem = checkAppleKey(text);
  if (problem !== undefined) {
    return { problem };
  }
  const key = createPrivateKey(Buffer.from(textToBytes(restorePemLineBreaks(text))));
  const { namedCurve = "another curve" } = key.asymmetricKeyDetails ?? {};
  return namedCurve === "prime256v1"
    ? { key }
    : {
        problem: `must be a key of P-256, because Apple needs ES256; this one is of ${namedCurve}`,
      };
}

/** Signs the client secret for Apple as ZITADEL does (`internal/idp/providers/apple/apple.go`). */
export async function signAppleClientSecret(
  { key, keyId, teamId, clientId }: AppleKey,
  now: Date,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return await new SignJWT()
    .setProtectedHeader({ alg: "ES256", kid: keyId })
    .setIssuer(teamId)
    .setSubject(clientId)
    .setAudience("https://appleid.apple.com")
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key);
}
