import { derTags, encodeDer } from "../../formats/der.js";

const yearMs = 365 * 24 * 60 * 60 * 1000;

/**
 * Creates a self-signed X.509 certificate in DER for an RSA key pair, in the name of the organization ZITADEL, valid for a year from
 * now. The keys must be for RSASSA-PKCS1-v1_5 with SHA-256, and the public key must be extractable.
 *
 * These few values do not need a library: the usual one brings 20 packages.
 */
export async function createSelfSignedCertificate(keys: CryptoKeyPair): Promise<Uint8Array> {
  const now = Date.now();
  const toBeSigned = encodeSequence(
    encodeDer(derTags.context0, encodeDer(derTags.integer, Uint8Array.of(2))),
    encodeDer(derTags.integer, createSerial()),
    sha256WithRsa,
    organization,
    encodeSequence(encodeUtcTime(now), encodeUtcTime(now + yearMs)),
    organization,
    new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey)),
  );
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", keys.privateKey, toBeSigned);
  const noUnusedBits = Uint8Array.of(0);
  return encodeSequence(
    toBeSigned,
    sha256WithRsa,
    encodeDer(derTags.bitString, noUnusedBits, new Uint8Array(signature)),
  );
}

function encodeSequence(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return encodeDer(derTags.sequence, ...parts);
}

function encodeUtcTime(ms: number): Uint8Array {
  const digits = new Date(ms).toISOString().slice(2, 19).replaceAll(/\D/g, "");
  return encodeDer(derTags.utcTime, new TextEncoder().encode(`${digits}Z`));
}

/** Returns a random positive integer of 16 bytes, in its shortest form. */
function createSerial(): Uint8Array {
  const [first = 0, ...rest] = crypto.getRandomValues(new Uint8Array(16));
  return Uint8Array.of(0x40 | (first & 0x3f), ...rest);
}

const printableStringTag = 0x13;
const nullTag = 0x05;

/** The algorithm 1.2.840.113549.1.1.11. */
const sha256WithRsa = encodeSequence(
  encodeDer(
    derTags.objectIdentifier,
    Uint8Array.of(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b),
  ),
  encodeDer(nullTag),
);

/** The distinguished name O=ZITADEL; the attribute is 2.5.4.10. */
const organization = encodeSequence(
  encodeDer(
    derTags.set,
    encodeSequence(
      encodeDer(derTags.objectIdentifier, Uint8Array.of(0x55, 0x04, 0x0a)),
      encodeDer(printableStringTag, new TextEncoder().encode("ZITADEL")),
    ),
  ),
);
