import { toHex } from "../utils/to-hex.js";
import {
  derTags,
  isDerBitString,
  isDerNaturalNumber,
  isDerObjectIdentifier,
  readAllDer,
  readDer,
} from "./der.js";

/**
 * Returns true for the extensions at the end of a certificate, or for none. The contents of common extensions are checked, as in
 * Go's `x509.ParseCertificate`.
 */
export function areX509Extensions(bytes: Uint8Array): boolean {
  if (bytes[0] !== derTags.context3) {
    return true;
  }
  const wrapper = readDer(bytes);
  const list = wrapper && readDer(wrapper.content);
  const extensions = list?.tag === derTags.sequence ? readAllDer(list.content) : undefined;
  const ids = new Set<string>();
  return (
    extensions?.every(
      ({ tag, content }) => tag === derTags.sequence && isExtension(content, ids),
    ) === true
  );
}

/** Returns true for an extension whose id is not among `ids`, and adds the id. */
function isExtension(content: Uint8Array, ids: Set<string>): boolean {
  const type = readDer(content);
  if (type?.tag !== derTags.objectIdentifier || !isDerObjectIdentifier(type.content)) {
    return false;
  }
  const flag = readDer(type.rest);
  const hasFlag = flag?.tag === derTags.boolean;
  if (hasFlag && !isBoolean(flag.content)) {
    return false;
  }
  const isCritical = hasFlag && flag.content[0] === 0xff;
  const value = hasFlag ? readDer(flag.rest) : flag;
  const id = toHex(type.content);
  if (value?.tag !== derTags.octetString || ids.has(id)) {
    return false;
  }
  ids.add(id);
  return extensionChecks.get(id)?.(value.content, isCritical) ?? true;
}

function isBoolean(content: Uint8Array): boolean {
  return content.length === 1 && (content[0] === 0 || content[0] === 0xff);
}

type ExtensionCheck = (content: Uint8Array, isCritical: boolean) => boolean;

/** The checks of the contents of extensions by their object identifiers. */
const extensionChecks: ReadonlyMap<string, ExtensionCheck> = new Map<string, ExtensionCheck>([
  // The identifier of the subject's key.
  ["551d0e", (content, isCritical) => !isCritical && readDer(content)?.tag === derTags.octetString],
  // The usage of the key.
  [
    "551d0f",
    (content) => {
      const bits = readDer(content);
      return bits?.tag === derTags.bitString && isDerBitString(bits.content);
    },
  ],
  ["551d11", isAlternativeNames],
  ["551d13", isBasicConstraints],
  ["551d23", isAuthorityKeyIdentifier],
  // The extended usages of the key.
  [
    "551d25",
    (content) =>
      readSequenceValues(content)?.every(
        (each) => each.tag === derTags.objectIdentifier && isDerObjectIdentifier(each.content),
      ) === true,
  ],
]);

function readSequenceValues(content: Uint8Array): ReturnType<typeof readAllDer> {
  const list = readDer(content);
  return list?.tag === derTags.sequence ? readAllDer(list.content) : undefined;
}

/** Returns true if all mail addresses, host names and URIs are ASCII, and all IP addresses have 4 or 16 bytes. */
function isAlternativeNames(content: Uint8Array): boolean {
  return (
    readSequenceValues(content)?.every(({ tag, content: name }) =>
      [0x81, 0x82, 0x86].includes(tag)
        ? name.every((byte) => byte < 0x80)
        : tag !== 0x87 || name.length === 4 || name.length === 16,
    ) === true
  );
}

/** Returns true for a flag and a maximum length of paths, both optional. */
function isBasicConstraints(content: Uint8Array): boolean {
  const list = readDer(content);
  if (list?.tag !== derTags.sequence) {
    return false;
  }
  let rest = list.content;
  if (rest[0] === derTags.boolean) {
    const flag = readDer(rest);
    if (flag === undefined || !isBoolean(flag.content)) {
      return false;
    }
    ({ rest } = flag);
  }
  const length = rest[0] === derTags.integer ? readDer(rest) : undefined;
  const isLength =
    length !== undefined && isDerNaturalNumber(length.content) && length.content.length <= 8;
  return rest[0] !== derTags.integer || isLength;
}

function isAuthorityKeyIdentifier(content: Uint8Array, isCritical: boolean): boolean {
  const list = readDer(content);
  return (
    !isCritical &&
    list?.tag === derTags.sequence &&
    (list.content[0] !== 0x80 || readDer(list.content) !== undefined)
  );
}
