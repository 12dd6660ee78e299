import { derTags, encodeDer } from "../formats/der.js";
import { fromBase64 } from "../utils/from-base64.js";

/** The PKCS#8 header of a PKCS#1 key: `version 0`, and the algorithm `rsaEncryption` without parameters. */
const rsaPrefix = new Uint8Array([
  0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
  0x05, 0x00,
]);

/**
 * Parses an RSA private key in PEM and returns it as PKCS#8, the only form that WebCrypto imports. Returns undefined if the text
 * is neither PKCS#1 nor PKCS#8.
 *
 * ZITADEL's key files have PKCS#1, which this function wraps in PKCS#8 without a check of its content. A literal `\n` counts as a
 * line break, because environment variables and CI settings often have it instead of one.
 */
export function readRsaPrivateKey(pem: string): Uint8Array<ArrayBuffer> | undefined {
  const [, label, base64 = ""] =
    /^\s*-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]+)-----END \1-----\s*$/.exec(
      pem.replaceAll(/\\r|\\n/g, "\n"),
    ) ?? [];
  if (label === undefined) {
    return undefined;
  }
  try {
    const der = fromBase64(base64.replace(/\s/g, ""));
    return label === "PRIVATE KEY" ? der : wrapInPkcs8(der);
  } catch {
    return undefined;
  }
}

function wrapInPkcs8(pkcs1: Uint8Array): Uint8Array<ArrayBuffer> {
  return encodeDer(derTags.sequence, rsaPrefix, encodeDer(derTags.octetString, pkcs1));
}
