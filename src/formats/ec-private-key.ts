import { toHex } from "../utils/to-hex.js";
import {
  derTags,
  isDerBitString,
  isDerInteger,
  isDerObjectIdentifier,
  readDer,
  readDerHeader,
  readDerValues,
} from "./der.js";
import { ellipticCurves } from "./elliptic-curves.js";
import { readPemBlocks } from "./pem-blocks.js";

/** The object identifier of elliptic-curve keys. */
const ecPublicKey = "2a8648ce3d0201";

/**
 * Returns true if the first PEM block is an elliptic-curve key in PKCS #8, the format that Apple issues. ZITADEL reads only the
 * first block, with Go's `x509.ParsePKCS8PrivateKey`.
 */
export function isEcPrivateKey(bytes: Uint8Array): boolean {
  const [first] = readPemBlocks(bytes);
  return first !== undefined && isPkcs8EcKey(first.content);
}

function isPkcs8EcKey(der: Uint8Array): boolean {
  const [version, algorithm, key] =
    readSequence(der, [derTags.integer, derTags.sequence, derTags.octetString]) ?? [];
  const type = algorithm && readDer(algorithm);
  if (
    version === undefined ||
    !isDerInteger(version) ||
    key === undefined ||
    type?.tag !== derTags.objectIdentifier ||
    toHex(type.content) !== ecPublicKey
  ) {
    return false;
  }
  const curve = readDer(type.rest);
  if (type.rest.length > 0 && curve === undefined) {
    return false;
  }
  return isSec1Key(
    key,
    curve?.tag === derTags.objectIdentifier && isDerObjectIdentifier(curve.content)
      ? curve.content
      : undefined,
  );
}

/** Returns true for a key in the form of SEC 1. The curve in the key counts only if the algorithm names none. */
function isSec1Key(der: Uint8Array, curveOfAlgorithm: Uint8Array | undefined): boolean {
  const outer = readDer(der);
  const version = outer?.tag === derTags.sequence ? readDer(outer.content) : undefined;
  const secret = version && readDer(version.rest);
  const isVersion1 =
    version?.tag === derTags.integer && version.content.length === 1 && version.content[0] === 1;
  if (!isVersion1 || secret?.tag !== derTags.octetString) {
    return false;
  }
  const optional = readOptionalFields(secret.rest);
  const curve = curveOfAlgorithm ?? optional?.curve;
  const order = curve && ellipticCurves.get(toHex(curve))?.order;
  const number = BigInt(`0x0${toHex(secret.content)}`);
  return optional !== undefined && order !== undefined && number > 0n && number < order;
}

/** The fields after the secret. Each wraps a value, which has a tag of its own and a check of its content. */
const optionalFields = [
  { tag: derTags.context0, innerTag: derTags.objectIdentifier, isValid: isDerObjectIdentifier },
  { tag: derTags.context1, innerTag: derTags.bitString, isValid: isDerBitString },
];

/**
 * Reads the curve, and checks the public key. Returns undefined if one of them is malformed. As in Go, the length of the field does
 * not count, only the length of the value inside, and other values are ignored.
 */
function readOptionalFields(bytes: Uint8Array): { curve?: Uint8Array } | undefined {
  let rest = bytes;
  let curve: Uint8Array | undefined;
  for (const { tag, innerTag, isValid } of optionalFields) {
    const header = rest.length > 0 ? readDerHeader(rest) : { tag: undefined };
    if (header?.tag !== tag) {
      if (header === undefined) {
        return undefined;
      }
      continue;
    }
    const inside = rest.subarray(header.start);
    const innerHeader = header.end > header.start ? readDerHeader(inside) : undefined;
    if (innerHeader?.tag === innerTag) {
      const inner = readDer(inside);
      if (inner === undefined || !isValid(inner.content)) {
        return undefined;
      }
      curve ??= tag === derTags.context0 ? inner.content : undefined;
      ({ rest } = inner);
    } else if (innerHeader === undefined) {
      return undefined;
    }
  }
  return curve === undefined ? {} : { curve };
}

/** Reads the first values in a SEQUENCE. */
function readSequence(der: Uint8Array, tags: readonly number[]): Uint8Array[] | undefined {
  const outer = readDer(der);
  return outer?.tag === derTags.sequence ? readDerValues(outer.content, tags) : undefined;
}
