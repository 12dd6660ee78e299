import type { Markers } from "./markers.js";

/**
 * A secret in one of the forms that callers pass. It contains its core more than once, so that remains of the secret are found
 * too.
 */
export interface Shape {
  readonly name: string;
  make(markers: Markers, label: string): unknown;
}

/** Applies `wrap` to a new core. */
function text(name: string, wrap: (core: string) => unknown): Shape {
  return { name, make: (markers, label) => wrap(markers.text(label)) };
}

function digits(name: string, wrap: (core: string) => unknown): Shape {
  return { name, make: (markers, label) => wrap(markers.digits(label)) };
}

const utf8 = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

/** Returns a key in PEM form. Each line between its first and last one is secret. */
function pem(core: string): string {
  const line = `${core}+/A${core}b/C+${core}Dd`.padEnd(64, "e").slice(0, 64);
  return `-----BEGIN PRIVATE KEY-----\n${line}\n${line}\n${core}+A==\n-----END PRIVATE KEY-----\n`;
}

/** Texts, which match the type in the proto. */
const texts: readonly Shape[] = [
  text("plain", (core) => core),
  text("of JSON", (core) => `${core}"\\/\n\t\u0001\u007f\u2028é<>&${core}`),
  text("of percent signs", (core) => `${core}%41%zz%%20 ?#[]${core}`),
  text("of forms", (core) => `${core}+ =&;~*!'()${core}`),
  text("of HTML", (core) => `${core}<b class="x">&amp;'${core}`),
  text("in PEM", pem),
  text("in PEM with line breaks of Windows", (core) => pem(core).replaceAll("\n", "\r\n")),
  text("with a lone surrogate", (core) => `${core}\ud800${core}\udc00`),
  text("beyond ASCII", (core) => `ä${core}🔑ß${core}\u{10ffff}`),
  text("with blanks around it", (core) => `  ${core} ${core}\n`),
  text("like a URL", (core) => `https://user:${core}@${core}.example/?x=${core}#${core}`),
  text("like an escape", (core) => `\\u0041${core}\\n&quot;$&$1${core}`),
];

/** Values of a wrong type for a text field. An error of the encoder is about such a value. */
const noTexts: readonly Shape[] = [
  digits("a number", Number),
  digits("a negative number", (core) => -Number(core)),
  digits("a fraction", (core) => Number(`0.${core}`)),
  digits("a bigint", BigInt),
  text("a symbol", (core) => Symbol(core)),
  text("a String object", (core) => new String(core)),
  text("an object", (core) => ({ [core]: core, list: [core] })),
  text("an object with a text", (core) => ({ toString: () => core })),
  text("a list", (core) => [core, core]),
  text("bytes in place of a text", utf8),
];

const bytes: readonly Shape[] = [
  text("bytes of PEM", (core) => utf8(pem(core))),
  text("bytes of text", (core) => utf8(`${core}"\\%41é${core}`)),
  text("bytes that are no UTF-8", (core) =>
    Uint8Array.of(0xff, 0, ...utf8(core), 0xc3, 0x28, ...utf8(core), 0xfe),
  ),
  text("a Buffer", (core) => Buffer.from(`-${core}-${core}-`)),
];

const noBytes: readonly Shape[] = [
  text("a text in place of bytes", pem),
  text("base64 in place of bytes", (core) => Buffer.from(pem(core)).toString("base64")),
  text("a list of numbers", (core) => [...utf8(core)]),
  text("an ArrayBuffer", (core) => utf8(core).buffer),
  digits("a number in place of bytes", Number),
  digits("a bigint in place of bytes", BigInt),
];

/** The values for a secret field, by its kind. Only those with `right` can be sent. */
export const shapes: Readonly<
  Record<"text" | "bytes", { right: readonly Shape[]; wrong: readonly Shape[] }>
> = {
  text: { right: texts, wrong: noTexts },
  bytes: { right: bytes, wrong: noBytes },
};

/** Tokens, which are printable ASCII. */
export const tokenShapes: readonly Shape[] = [
  text("plain", (core) => core),
  text("of base64", (core) => `${core}-._~+/${core}==`),
  text("of all signs", (core) => `${core}"\\%41&<>'+{}[]$&;,${core}`),
  text("like a JWT", (core) => `eyJ${core}.${core}.${core}`),
];
