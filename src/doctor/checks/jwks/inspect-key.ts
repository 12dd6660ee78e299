import { X509Certificate } from "node:crypto";
import { importJWK, type JWK } from "jose";
import { isObject } from "../../../utils/is-object.js";
import { quoteAnswer } from "../../quote-answer.js";
import { acceptedAlgorithms } from "./accepted-algorithms.js";

/** A key of a key set, as ZITADEL reads it. */
export interface InspectedKey {
  /** The name of the key in messages: its id, or its place in the set. */
  readonly label: string;
  readonly type: string;
  readonly id: string | undefined;
  /** True if the key set contains the private or the symmetric key. */
  readonly isSecret: boolean;
  /** The public numbers of the key. They are equal for two entries of the same key. */
  readonly material: string;
  /** True for a public key that may sign, because it is not meant for another use such as encryption. */
  readonly isForSignatures: boolean;
  /** The reason why ZITADEL rejects the whole set because of this key. Undefined for an accepted key. */
  readonly fault: string | undefined;
  /** The reason why ZITADEL verifies no tokens with this key. Undefined for a usable key. */
  readonly unusable: string | undefined;
  /** The length of an RSA key in bits. */
  readonly bits: number | undefined;
}

/** The algorithm with which `jose` reads a key, by its type and curve. */
const algorithms: Readonly<Record<string, string>> = {
  RSA: "RS256",
  "EC P-256": "ES256",
  "EC P-384": "ES384",
  "EC P-521": "ES512",
  "OKP Ed25519": "EdDSA",
};

/**
 * Inspects a key as ZITADEL's libraries do: zitadel/oidc (`jsonWebKeySet`, `FindMatchingKey`) and go-jose. They ignore keys of unknown
 * types, and reject the whole set for a malformed key of a known one.
 */
export async function inspectKey(json: unknown, index: number): Promise<InspectedKey> {
  const jwk = (isObject(json) ? json : {}) as Readonly<Record<string, unknown>>;
  const { kty, crv, kid, use, n, x, y } = jwk;
  const type = typeof kty === "string" ? kty : "";
  const id = typeof kid === "string" && kid !== "" ? kid : undefined;
  const isSecret = typeof (type === "oct" ? jwk["k"] : jwk["d"]) === "string";
  const algorithm = algorithms[type === "RSA" ? type : `${type} ${String(crv)}`];
  const key = algorithm === undefined ? undefined : await importPublicKey(jwk, algorithm);
  return {
    label: id === undefined ? `number ${index + 1}` : quoteAnswer(id),
    type,
    id,
    isSecret,
    material: JSON.stringify([n, x, y]),
    isForSignatures: !isSecret && isSignatureUse(use),
    fault: findFault(type, algorithm, key, jwk["x5c"]),
    unusable: isSecret ? "is not public" : findUnusableReason(type, algorithm, jwk),
    bits:
      key !== undefined && "modulusLength" in key.algorithm
        ? Number(key.algorithm.modulusLength)
        : undefined,
  };
}

async function importPublicKey(
  { kty, n, e, crv, x, y }: Readonly<Record<string, unknown>>,
  algorithm: string,
): Promise<CryptoKey | undefined> {
  if (![n, e, x, y].every((each) => each === undefined || isBase64Url(each))) {
    return undefined;
  }
  try {
    const key = await importJWK({ kty, n, e, crv, x, y } as JWK, algorithm);
    return key instanceof Uint8Array ? undefined : key;
  } catch {
    return undefined;
  }
}

/** Returns true for base64url as go-jose reads it: with or without padding, but without the characters `+` and `/`. */
function isBase64Url(value: unknown): boolean {
  const text = String(value).replaceAll("=", "");
  return typeof value === "string" && Buffer.from(text, "base64url").toString("base64url") === text;
}

/** Returns true if all certificates of a key can be read, and if it has none. */
function hasReadableCertificates(chain: unknown): boolean {
  const certificates: readonly unknown[] = Array.isArray(chain) ? chain : [];
  try {
    certificates.forEach((each) => new X509Certificate(Buffer.from(String(each), "base64")));
    return chain === undefined || Array.isArray(chain);
  } catch {
    return false;
  }
}

function findFault(
  type: string,
  algorithm: string | undefined,
  key: CryptoKey | undefined,
  chain: unknown,
): string | undefined {
  if (type === "") {
    return "has no type (kty)";
  }
  if (algorithm === undefined) {
    return type === "EC" ? "has a curve that ZITADEL does not know" : undefined;
  }
  if (key === undefined) {
    return "is malformed";
  }
  return hasReadableCertificates(chain) ? undefined : "has a malformed certificate (x5c)";
}

function findUnusableReason(
  type: string,
  algorithm: string | undefined,
  { use, alg }: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!isSignatureUse(use)) {
    return `is for the use ${quoteAnswer(String(use))}, not for signatures`;
  }
  if (typeof alg === "string" && alg !== "" && !acceptedAlgorithms.includes(alg)) {
    return `is for the algorithm ${quoteAnswer(alg)}`;
  }
  return algorithm !== undefined && acceptedAlgorithms.includes(algorithm)
    ? undefined
    : `is of the type ${quoteAnswer(type)}${algorithm === undefined ? "" : ` for ${algorithm}`}`;
}

function isSignatureUse(use: unknown): boolean {
  return use === undefined || use === "" || use === "sig";
}
