import { toHex } from "../utils/to-hex.js";
import { readDer, readDerValues, derTags } from "./der.js";
import { readPemBlocks } from "./pem.js";

/** The object identifier of elliptic-curve keys. */
const ecPublicKey = "2a8648ce3d0201";

/** The length of a private key in bytes, by the object identifier of its curve: P-224, P-256, P-384 and P-521. */
const keyBytes: Readonly<Record<string, number>> = {
  "2b81040021": 28,
  "2a8648ce3d030107": 32,
  "2b81040022": 48,
  "2b81040023": 66,
};

/**
 * Returns true if the first PEM block is an elliptic-curve key in PKCS #8, the format that Apple issues. ZITADEL reads only the
 * first block, with Go's `x509.ParsePKCS8PrivateKey`.
 */
export function isEcPrivateKey(bytes: Uint8Array): boolean {
  for (const { content } of readPemBlocks(bytes)) {
    return isPkcs8EcKey(content);
  }
  return false;
}

function isPkcs8EcKey(der: Uint8Array): boolean {
  const outer = readDer(der);
  const [, algorithm, key] =
    outer?.tag === derTags.sequence
      ? (readDerValues(outer.content, [derTags.integer, derTags.sequence, derTags.octetString]) ??
        [])
      : [];
  if (algorithm === undefined || key === undefined) {
    return false;
  }
  const [type, curve] =
    readDerValues(algorithm, [derTags.objectIdentifier, derTags.objectIdentifier]) ?? [];
  const size = curve === undefined ? undefined : keyBytes[toHex(curve)];
  if (type === undefined || toHex(type) !== ecPublicKey || size === undefined) {
    return false;
  }
  const inner = readDer(key);
  const [version, secret] =
    inner?.tag === derTags.sequence
      ? (readDerValues(inner.content, [derTags.integer, derTags.octetString]) ?? [])
      : [];
  const isVersion1 = version?.length === 1 && version[0] === 1;
  const significant = secret?.findIndex((byte) => byte !== 0) ?? -1;
  return (
    isVersion1 && secret !== undefined && significant >= 0 && secret.length - significant <= size
  );
}
