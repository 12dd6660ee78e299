/** Returns `text` in each way in which a layer below, a proxy or a server writes a text into another. */
export function escapesOf(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  // A lone surrogate has no UTF-8: it arrives as a replacement character.
  const sent = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const json = [...new Set([text, sent])].flatMap(jsonOf);
  return [
    text,
    sent,
    // In headers, whose characters are bytes.
    latin1Of(bytes),
    ...json,
    // protobuf-es escapes nothing else in its error texts.
    text.replaceAll('"', '\\"'),
    ...urlOf(sent),
    ...htmlOf(sent),
  ];
}

/** Returns a text with one character for each byte. */
export function latin1Of(bytes: Uint8Array): string {
  let text = "";
  // In pieces, because a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

function jsonOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  // PHP escapes slashes, Go's encoding/json what HTML reads, Python and others all beyond ASCII.
  return [
    json,
    json.replaceAll("/", "\\/"),
    json.replace(/[<>&\u2028\u2029]/g, unicodeEscape),
    json.replace(/[\u007f-\uffff]/g, unicodeEscape),
  ];
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function urlOf(text: string): string[] {
  const component = encodeURIComponent(text);
  const strict = component
    .replaceAll("!", "%21")
    .replaceAll("'", "%27")
    .replaceAll("(", "%28")
    .replaceAll(")", "%29")
    .replaceAll("*", "%2A");
  const form = new URLSearchParams([["", text]]).toString().slice(1);
  const all = new Set([component, strict, encodeURI(text), form, strict.replaceAll("%20", "+")]);
  all.delete(text);
  // Only escapes with letters differ.
  return [...all].flatMap((each) => [
    each,
    each.replace(/%(?:[A-F][0-9A-F]|\d[A-F])/g, (escape) => escape.toLowerCase()),
  ]);
}

/** The names of the quotes, and their numbers as Go and as others write them. */
const quoteEntities: readonly (readonly [double: string, single: string])[] = [
  ['"', "'"],
  ["&quot;", "'"],
  ["&quot;", "&#x27;"],
  ["&quot;", "&#39;"],
  ["&#34;", "&#39;"],
];

function htmlOf(text: string): string[] {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return quoteEntities.map(([double, single]) =>
    escaped.replaceAll('"', double).replaceAll("'", single),
  );
}
