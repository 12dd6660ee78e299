import { toHex } from "../utils/to-hex.js";
import { toLatin1 } from "../utils/to-latin1.js";
import { tryDecodeUtf8 } from "../utils/try-decode-utf8.js";
import {
  derTags,
  isDerBitString,
  isDerNaturalNumber,
  isDerObjectIdentifier,
  readAllDer,
  readDer,
  readDerValues,
} from "./der.js";
import { ellipticCurves, isOnCurve } from "./elliptic-curves.js";
import { areX509Extensions } from "./x509-extensions.js";
import { readPemBlocks } from "./pem-blocks.js";

/**
 * Returns true if a file contains at least one certificate that Go's `CertPool.AppendCertsFromPEM` accepts. ZITADEL requires
 * one in a root CA. The function skips other blocks, blocks with headers and damaged certificates.
 */
export function hasCertificate(bytes: Uint8Array): boolean {
  for (const { label, headers, content } of readPemBlocks(bytes)) {
    if (label === "CERTIFICATE" && headers === 0 && isCertificate(content)) {
      return true;
    }
  }
  return false;
}

/**
 * Returns true if Go's `x509.ParseCertificate` accepts the bytes. The signature and the contents of rare extensions are not
 * checked.
 */
export function isCertificate(der: Uint8Array): boolean {
  const outer = readDer(der);
  const values =
    outer?.tag === derTags.sequence && outer.rest.length === 0
      ? readDerValues(outer.content, [derTags.sequence, derTags.sequence, derTags.bitString])
      : undefined;
  const [toBeSigned, algorithm, signature] = values ?? [];
  return (
    toBeSigned !== undefined &&
    algorithm !== undefined &&
    signature !== undefined &&
    isAlgorithm(algorithm) &&
    isDerBitString(signature) &&
    isToBeSigned(toBeSigned, algorithm)
  );
}

/** Returns true for the signed part of a certificate. It repeats the algorithm of the signature. */
function isToBeSigned(content: Uint8Array, signatureAlgorithm: Uint8Array): boolean {
  const first = readDer(content);
  const hasVersion = first?.tag === derTags.context0;
  const version = hasVersion ? readVersion(first.content) : 1;
  const fields = [derTags.integer, ...Array<number>(5).fill(derTags.sequence)];
  const values = readDerValues(hasVersion ? first.rest : content, fields);
  const [serial, algorithm, issuer, validity, subject, publicKey] = values ?? [];
  return (
    version !== undefined &&
    serial !== undefined &&
    isDerNaturalNumber(serial) &&
    algorithm !== undefined &&
    toHex(algorithm) === toHex(signatureAlgorithm) &&
    [issuer, subject].every((name) => name !== undefined && isName(name)) &&
    validity !== undefined &&
    isValidity(validity) &&
    publicKey !== undefined &&
    isPublicKey(publicKey) &&
    (version < 3 ||
      areX509Extensions(skipUniqueIds(skipValues(content, fields.length, hasVersion))))
  );
}

/** Returns the version, from 1 to 3, or undefined if it is malformed. */
function readVersion(content: Uint8Array): number | undefined {
  const value = readDer(content);
  const [number = 3] = value?.content ?? [];
  const isVersion =
    value?.tag === derTags.integer && value.content.length === 1 && value.rest.length === 0;
  return isVersion && number < 3 ? number + 1 : undefined;
}

/** Returns the bytes after the version and `count` more values. */
function skipValues(content: Uint8Array, count: number, hasVersion: boolean): Uint8Array {
  let rest = content;
  for (let skipped = hasVersion ? -1 : 0; skipped < count; skipped++) {
    rest = readDer(rest)?.rest ?? new Uint8Array();
  }
  return rest;
}

/** Returns the bytes after the optional unique ids of the issuer and the subject. */
function skipUniqueIds(bytes: Uint8Array): Uint8Array {
  let rest = bytes;
  for (const tag of [0x81, 0x82]) {
    rest = rest[0] === tag ? (readDer(rest)?.rest ?? rest) : rest;
  }
  return rest;
}

/** Returns true for an algorithm: an object identifier, and optional parameters of any kind. */
function isAlgorithm(content: Uint8Array): boolean {
  const type = readDer(content);
  return (
    type?.tag === derTags.objectIdentifier &&
    isDerObjectIdentifier(type.content) &&
    (type.rest.length === 0 || readDer(type.rest) !== undefined)
  );
}

/** Returns true for a name: sets of attributes, each with a text. */
function isName(content: Uint8Array): boolean {
  const sets = readAllDer(content);
  return (
    sets?.every(
      (set) =>
        set.tag === derTags.set &&
        readAllDer(set.content)?.every(
          (attribute) => attribute.tag === derTags.sequence && isNameAttribute(attribute.content),
        ),
    ) === true
  );
}

function isNameAttribute(content: Uint8Array): boolean {
  const type = readDer(content);
  const value = type && readDer(type.rest);
  return (
    value !== undefined &&
    type?.tag === derTags.objectIdentifier &&
    isDerObjectIdentifier(type.content) &&
    textChecks.get(value.tag)?.(value.content) === true
  );
}

/** The checks of texts by their tags: UTF8String, NumericString, PrintableString, T61String, IA5String and BMPString. */
const textChecks: ReadonlyMap<number, (content: Uint8Array) => boolean> = new Map([
  [0x0c, (content) => tryDecodeUtf8(content) !== undefined],
  [0x12, (content) => /^[\d ]*$/.test(toLatin1(content))],
  [0x13, (content) => /^[\w '()+,\-./:=?*&]*$/.test(toLatin1(content)) && !content.includes(0x5f)],
  [0x14, () => true],
  [0x16, (content) => content.every((byte) => byte < 0x80)],
  [0x1e, isBmpText],
]);

function isBmpText(content: Uint8Array): boolean {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  return (
    content.length % 2 === 0 &&
    Array.from({ length: content.length / 2 }, (_, index) => view.getUint16(index * 2)).every(
      (unit) =>
        unit < 0xfffe && !(unit >= 0xfdd0 && unit <= 0xfdef) && !(unit >= 0xd800 && unit <= 0xdfff),
    )
  );
}

function isValidity(content: Uint8Array): boolean {
  const notBefore = readDer(content);
  const notAfter = notBefore && readDer(notBefore.rest);
  return [notBefore, notAfter].every(
    (each) => each !== undefined && isTime(each.tag, toLatin1(each.content)),
  );
}

/** The patterns of times by their tags. A UTCTime has two digits for the year, and its seconds are optional. */
const timePatterns: ReadonlyMap<number, RegExp> = new Map([
  [derTags.utcTime, /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:Z|[+-](\d\d)(\d\d))$/],
  [derTags.generalizedTime, /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|[+-](\d\d)(\d\d))$/],
]);

/** Returns true for the text of a UTCTime or a GeneralizedTime. */
function isTime(tag: number, text: string): boolean {
  const parts = timePatterns.get(tag)?.exec(text)?.slice(1).map(Number);
  if (parts === undefined) {
    return false;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone, zoneMinute] = parts;
  const fullYear = tag === derTags.generalizedTime ? year : year + (year >= 69 ? 1900 : 2000);
  const lastDay = new Date(Date.UTC(2000 + (fullYear % 400), month, 0)).getUTCDate();
  // An offset of zero must be written as Z.
  const isOffset = Number.isNaN(zone) || (zone !== 0 && Number(zone) <= 24) || zoneMinute !== 0;
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= lastDay &&
    hour < 24 &&
    minute < 60 &&
    (Number.isNaN(second) || second < 60) &&
    isOffset &&
    !(Number(zoneMinute) > 59)
  );
}

/** The checks of public keys by the object identifiers of their algorithms. Keys of other algorithms may hold anything. */
const keyChecks: ReadonlyMap<string, (key: Uint8Array, parameters: Uint8Array) => boolean> =
  new Map([
    [
      "2a864886f70d010101",
      (key, parameters) => toHex(parameters) === "0500" && isRsaPublicKey(key),
    ],
    ["2a8648ce3d0201", isEcPublicKey],
    ["2b6570", (key, parameters) => key.length === 32 && parameters.length === 0],
    ["2b656e", (key, parameters) => key.length === 32 && parameters.length === 0],
  ]);

function isPublicKey(content: Uint8Array): boolean {
  const [algorithm, key] = readDerValues(content, [derTags.sequence, derTags.bitString]) ?? [];
  const type = algorithm && readDer(algorithm);
  return (
    algorithm !== undefined &&
    type !== undefined &&
    key !== undefined &&
    isAlgorithm(algorithm) &&
    isDerBitString(key) &&
    (keyChecks.get(toHex(type.content))?.(key.subarray(1), type.rest) ?? true)
  );
}

/** Returns true for a positive modulus and a positive exponent. */
function isRsaPublicKey(key: Uint8Array): boolean {
  const outer = readDer(key);
  const numbers =
    outer?.tag === derTags.sequence
      ? readDerValues(outer.content, [derTags.integer, derTags.integer])
      : undefined;
  return numbers?.every((each) => isDerNaturalNumber(each) && toHex(each) !== "00") === true;
}

/** Returns true for an uncompressed point on the curve that `parameters` name. */
function isEcPublicKey(key: Uint8Array, parameters: Uint8Array): boolean {
  const id = readDer(parameters);
  const curve =
    id?.tag === derTags.objectIdentifier ? ellipticCurves.get(toHex(id.content)) : undefined;
  if (curve === undefined || key[0] !== 4 || key.length !== 1 + 2 * curve.bytes) {
    return false;
  }
  const [x, y] = [key.subarray(1, 1 + curve.bytes), key.subarray(1 + curve.bytes)];
  return isOnCurve(curve, BigInt(`0x${toHex(x)}`), BigInt(`0x${toHex(y)}`));
}
