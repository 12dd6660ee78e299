import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";

/** An RSA public key in JWK form: numbers in base64url without leading zeros. */
export interface RsaPublicKey {
  readonly kty: "RSA";
  readonly n: string;
  readonly e: string;
}

const block = /-----BEGIN (RSA )?PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END \1PUBLIC KEY-----/;

/** The minimum key length, because RS256 rejects shorter keys. */
const minBits = 2048;

const tag = { integer: 0x02, bitString: 0x03, objectId: 0x06, sequence: 0x30 };
const rsaEncryption = "2a864886f70d010101";

/**
 * Parses an RSA public key in PEM: SPKI ("BEGIN PUBLIC KEY") or PKCS#1 ("BEGIN RSA PUBLIC KEY").
 *
 * Throws a TypeError that names the problem and never repeats the text.
 */
export function readRsaPublicKey(pem: string): RsaPublicKey {
  const [found, pkcs1, base64 = ""] = block.exec(pem) ?? [];
  if (found === undefined) {
    throw new TypeError(
      pem.includes("PRIVATE KEY-----")
        ? "is a private key: give the public one"
        : 'is no public key in PEM: it must be "BEGIN PUBLIC KEY" or "BEGIN RSA PUBLIC KEY"',
    );
  }
  let numbers: Uint8Array[];
  try {
    const der = base64Decode(base64);
    numbers = readNumbers(pkcs1 === undefined ? unwrap(der) : der);
  } catch {
    throw new TypeError("is damaged, or is no RSA key");
  }
  const [n = new Uint8Array(), e = new Uint8Array()] = numbers;
  if (n.length * 8 < minBits) {
    throw new TypeError(`must have at least ${minBits} bits`);
  }
  return { kty: "RSA", n: base64Encode(n, "url"), e: base64Encode(e, "url") };
}

/** Parses an RSAPublicKey: SEQUENCE { modulus INTEGER, exponent INTEGER } (RFC 8017, A.1.1). */
function readNumbers(der: Uint8Array): Uint8Array[] {
  return members(der, [tag.integer, tag.integer]).map((number) =>
    number.subarray(number.findIndex((byte) => byte !== 0)),
  );
}

/**
 * Returns the key inside a SubjectPublicKeyInfo: SEQUENCE { SEQUENCE { OBJECT IDENTIFIER, NULL }, BIT STRING } (RFC 5280, 4.1).
 */
function unwrap(der: Uint8Array): Uint8Array {
  const [algorithm = der, bits = der] = members(der, [tag.sequence, tag.bitString]);
  const [id] = split(algorithm);
  const hex = [...(id?.content ?? [])].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (id?.tag !== tag.objectId || hex !== rsaEncryption || bits[0] !== 0) {
    throw new RangeError("not an RSA key");
  }
  return bits.subarray(1);
}

/** Returns the contents of a SEQUENCE that has exactly these members. */
function members(der: Uint8Array, tags: number[]): Uint8Array[] {
  const [outer, ...rest] = split(der);
  const inner = outer?.tag === tag.sequence && rest.length === 0 ? split(outer.content) : [];
  if (inner.length !== tags.length || inner.some((each, index) => each.tag !== tags[index])) {
    throw new RangeError("not the members that a key has");
  }
  return inner.map(({ content }) => content);
}

/** Splits DER into its consecutive values. */
function split(der: Uint8Array): { tag: number; content: Uint8Array }[] {
  const values: { tag: number; content: Uint8Array }[] = [];
  for (let at = 0; at < der.length;) {
    const [kind = 0, short = 0] = der.subarray(at, at + 2);
    const lengthBytes = short > 0x80 ? short - 0x80 : 0;
    const start = at + 2 + lengthBytes;
    const length =
      lengthBytes === 0
        ? short
        : der.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + length > der.length) {
      throw new RangeError("a value is longer than what is there");
    }
    values.push({ tag: kind, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return values;
}
