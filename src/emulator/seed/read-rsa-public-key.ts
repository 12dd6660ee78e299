import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { toHex } from "../../utils/to-hex.js";
import { readDer, derTags } from "../../formats/der.js";
import type { RsaPublicKey } from "../store/accounts.js";

const pemBlock = /-----BEGIN (RSA )?PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END \1PUBLIC KEY-----/;

/** The minimum key length, because RS256 rejects shorter keys. */
const minBits = 2048;

/** The object identifier 1.2.840.113549.1.1.1 in hexadecimal digits. */
const rsaEncryption = "2a864886f70d010101";

/**
 * Parses an RSA public key in PEM: SPKI ("BEGIN PUBLIC KEY") or PKCS#1 ("BEGIN RSA PUBLIC KEY").
 *
 * Throws a TypeError whose message continues a sentence about the key, such as "is a private key", and never repeats the text.
 */
export function readRsaPublicKey(pem: string): RsaPublicKey {
  const [found, pkcs1, base64 = ""] = pemBlock.exec(pem) ?? [];
  if (found === undefined) {
    throw new TypeError(
      pem.includes("PRIVATE KEY-----")
        ? "is a private key: pass the public key"
        : 'is not a public key in PEM, which begins with "BEGIN PUBLIC KEY" or "BEGIN RSA PUBLIC KEY"',
    );
  }
  let numbers: Uint8Array[];
  try {
    const der = base64Decode(base64);
    numbers = readNumbers(pkcs1 === undefined ? unwrapSpki(der) : der);
  } catch {
    throw new TypeError("is damaged or is not an RSA key");
  }
  const [n = new Uint8Array(), e = new Uint8Array()] = numbers;
  if (n.length * 8 < minBits) {
    throw new TypeError(`must have at least ${minBits} bits`);
  }
  return { kty: "RSA", n: base64Encode(n, "url"), e: base64Encode(e, "url") };
}

/** Parses an RSAPublicKey: SEQUENCE { modulus INTEGER, exponent INTEGER } (RFC 8017, A.1.1). */
function readNumbers(der: Uint8Array): Uint8Array[] {
  return readSequence(der, [derTags.integer, derTags.integer]).map((number) =>
    number.subarray(number.findIndex((byte) => byte !== 0)),
  );
}

/**
 * Returns the key inside a SubjectPublicKeyInfo: SEQUENCE { SEQUENCE { OBJECT IDENTIFIER, NULL }, BIT STRING } (RFC 5280, 4.1).
 */
function unwrapSpki(der: Uint8Array): Uint8Array {
  const [algorithm = der, bits = der] = readSequence(der, [derTags.sequence, derTags.bitString]);
  const id = readDer(algorithm);
  if (
    id?.tag !== derTags.objectIdentifier ||
    toHex(id.content) !== rsaEncryption ||
    bits[0] !== 0
  ) {
    throw new RangeError("not an RSA key");
  }
  return bits.subarray(1);
}

/** Returns the contents of the members of a SEQUENCE. Throws if the members do not have exactly these tags. */
function readSequence(der: Uint8Array, tags: readonly number[]): Uint8Array[] {
  const sequence = readDer(der);
  if (sequence?.tag !== derTags.sequence || sequence.rest.length > 0) {
    throw new RangeError("not a sequence");
  }
  let rest = sequence.content;
  const contents = tags.map((tag) => {
    const member = readDer(rest);
    if (member?.tag !== tag) {
      throw new RangeError("not the members that a key has");
    }
    ({ rest } = member);
    return member.content;
  });
  if (rest.length > 0) {
    throw new RangeError("not the members that a key has");
  }
  return contents;
}
