import { parseUrl } from "../utils/parse-url.js";

/** The facts about a token that an error may contain. The origin of the issuer is the only part of the token among them. */
export interface TokenFacts {
  /** The kind of token. `jwt`: three parts with readable claims. `opaque`: any other text, such as a personal access token. */
  readonly kind: "jwt" | "opaque";
  /** The length in characters. */
  readonly length: number;
  /** The expiry of a JWT, in milliseconds since 1970. */
  readonly expiresAtMs?: number | undefined;
  /** The time from which a JWT is valid, in milliseconds since 1970. */
  readonly notBeforeMs?: number | undefined;
  /** The origin of the issuer of a JWT, if the issuer is a URL. */
  readonly issuer?: string | undefined;
  /** True for a JWT that a client signed itself, to be exchanged for a token (RFC 7523). */
  readonly isAssertion?: boolean | undefined;
}

/** Describes a token for hints. Only the server can verify the token. */
export function describeToken(token: string): TokenFacts {
  const { length } = token;
  const claims = readClaims(token);
  if (claims === undefined) {
    return { kind: "opaque", length };
  }
  const { iss, sub } = claims;
  return {
    kind: "jwt",
    length,
    expiresAtMs: readTime(claims["exp"]),
    notBeforeMs: readTime(claims["nbf"]) ?? readTime(claims["iat"]),
    issuer: typeof iss === "string" ? parseUrl(iss)?.origin : undefined,
    isAssertion: typeof iss === "string" && iss === sub,
  };
}

function readClaims(token: string): Record<string, unknown> | undefined {
  const [header, payload, signature, ...more] = token.split(".");
  if (!header || !payload || signature === undefined || more.length > 0) {
    return undefined;
  }
  return readPart(header)?.["alg"] === undefined ? undefined : readPart(payload);
}

function readPart(base64url: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof json === "object" && json !== null ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** The latest time that a Date supports, in seconds. */
const latestSeconds = 8.64e12;

/** Parses a time in seconds since 1970, and returns it in milliseconds. */
function readTime(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= latestSeconds
    ? value * 1000
    : undefined;
}
