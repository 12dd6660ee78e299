import { numberPrefix, textPrefix } from "./markers.js";

/** A marker in a text. */
export interface FoundMarker {
  readonly core: string;
  readonly encoding: string;
}

const prefixes = [textPrefix, numberPrefix];
/** The text between bytes that are written one by one: `<51 7a>`, `\x51`, `%51`, `81,\n 122`, `"0": 81`. */
const between = /(?:[\s,:;%]|0x|\\x|\\u00|&#x?|"\d+":)*/.source;

/** The prefixes in an encoding, and the function that decodes the rest. */
interface Encoding {
  readonly name: string;
  readonly pattern: RegExp;
  /** Returns the texts that the surroundings of a hit may decode to. */
  readonly decode: (around: string) => string[];
}

const latin1 = (bytes: Iterable<number>): string =>
  Buffer.from(Uint8Array.from(bytes)).toString("latin1");

/** Returns the base64 characters of `text` that do not depend on its surroundings, for each position within three bytes. */
function stableBase64(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from("\0".repeat(shift) + text).toString("base64");
    const first = Math.ceil((shift * 8) / 6);
    const end = Math.floor(((shift + text.length) * 8) / 6);
    return encoded.slice(first, end);
  });
}

function byteByByte(toText: (byte: number) => string): RegExp {
  const all = prefixes.map((prefix) => [...Buffer.from(prefix)].map(toText).join(between));
  return new RegExp(all.join("|"), "gi");
}

const encodings: readonly Encoding[] = [
  {
    name: "base64",
    pattern: new RegExp(prefixes.flatMap(stableBase64).join("|"), "g"),
    decode: (around) => {
      // MIME and PEM have line breaks within base64.
      const run = around
        .replace(/\\[rn]|\s/g, "")
        .replaceAll("-", "+")
        .replaceAll("_", "/");
      return run
        .split(/[^A-Za-z0-9+/]+/)
        .flatMap((part) =>
          [0, 1, 2, 3].map((skip) => latin1(Buffer.from(part.slice(skip), "base64"))),
        );
    },
  },
  {
    name: "hexadecimal",
    pattern: byteByByte((byte) => byte.toString(16)),
    decode: (around) =>
      [0, 1].map((skip) =>
        latin1(
          Buffer.from(
            around
              .replace(new RegExp(between, "g"), "")
              .replace(/^[^0-9a-f]+/i, "")
              .slice(skip),
            "hex",
          ),
        ),
      ),
  },
  {
    name: "decimal",
    pattern: byteByByte((byte) => `\\b${byte}\\b`),
    decode: (around) => [latin1((around.replace(/"\d+":/g, "").match(/\d+/g) ?? []).map(Number))],
  },
];

const plain = new RegExp(prefixes.map((prefix) => `${prefix}[0-9a-z]{5}`).join("|"), "gi");
/** The beginning of a marker, for texts that hold nothing else of it. */
const cut = new RegExp(prefixes.join("|"), "gi");

/**
 * Finds the markers in a text: as they are, in any escaping of their surroundings, and as base64 at any position, or hexadecimal
 * or decimal bytes. It shares no code with the redaction under test.
 */
export function findMarkers(text: string): FoundMarker[] {
  const found: FoundMarker[] = [...text.matchAll(plain)].map(([core]) => ({
    core,
    encoding: "plain",
  }));
  if (found.length === 0) {
    found.push(...[...text.matchAll(cut)].map(([core]) => ({ core, encoding: "cut" })));
  }
  for (const { name, pattern, decode } of encodings) {
    for (const hit of text.matchAll(pattern)) {
      const around = text.slice(Math.max(0, hit.index - 4), hit.index + hit[0].length + 120);
      const cores = decode(around).flatMap((each) => each.match(plain) ?? []);
      found.push({ core: cores[0] ?? "?", encoding: name });
    }
  }
  return found;
}
