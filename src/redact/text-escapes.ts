import { toLatin1 } from "../utils/to-latin1.js";

/** Returns `text` in every escaped form in which a lower layer, a proxy or a server may embed it in another text. */
export function listTextEscapes(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  // A lone surrogate has no UTF-8 form: it is sent as a replacement character.
  const sent = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const json = [...new Set([text, sent])].flatMap(listJsonEscapes);
  return [
    text,
    sent,
    // In headers, each character is a byte.
    toLatin1(bytes),
    ...json,
    // protobuf-es escapes nothing else in its error texts.
    text.replaceAll('"', '\\"'),
    ...listUrlEscapes(sent),
    ...listHtmlEscapes(sent),
  ];
}

function listJsonEscapes(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  // PHP escapes slashes; Go's encoding/json escapes HTML characters; Python and others escape everything beyond ASCII.
  return [
    json,
    json.replaceAll("/", "\\/"),
    json.replace(/[<>&\u2028\u2029]/g, escapeUnicode),
    json.replace(/[\u007f-\uffff]/g, escapeUnicode),
  ];
}

function escapeUnicode(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function listUrlEscapes(text: string): string[] {
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
  // Upper and lower case differ only for escapes with letters.
  return [...all].flatMap((each) => [
    each,
    each.replace(/%(?:[A-F][0-9A-F]|\d[A-F])/g, (escape) => escape.toLowerCase()),
  ]);
}

/** The escapes of double and single quotes: by name, and by number as Go and as others write them. */
const quoteEntities: readonly (readonly [double: string, single: string])[] = [
  ['"', "'"],
  ["&quot;", "'"],
  ["&quot;", "&#x27;"],
  ["&quot;", "&#39;"],
  ["&#34;", "&#39;"],
];

function listHtmlEscapes(text: string): string[] {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return quoteEntities.map(([double, single]) =>
    escaped.replaceAll('"', double).replaceAll("'", single),
  );
}
