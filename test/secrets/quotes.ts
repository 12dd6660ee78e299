/** The ways in which a proxy or ZITADEL may repeat what it received. */
export const quotes: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  "as it is": (bytes) => text(bytes),
  "one character a byte": (bytes) => Buffer.from(bytes).toString("latin1"),
  "as JSON": (bytes) => JSON.stringify(text(bytes)),
  "as JSON in ASCII": (bytes) =>
    JSON.stringify(text(bytes)).replace(/[\u007f-\uffff]/g, (char) => escape(char, "\\u", 4)),
  "as JSON for HTML": (bytes) =>
    JSON.stringify(text(bytes)).replace(/[<>&]/g, (char) => escape(char, "\\u", 4)),
  "as JSON with \\/": (bytes) => JSON.stringify(text(bytes)).replaceAll("/", "\\/"),
  "in base64": (bytes) => Buffer.from(bytes).toString("base64"),
  "in base64, one byte on": (bytes) => Buffer.from([0x22, ...bytes, 0x22]).toString("base64"),
  "in base64, two bytes on": (bytes) => Buffer.from([0x3a, 0x22, ...bytes]).toString("base64"),
  "in base64url": (bytes) => Buffer.from(bytes).toString("base64url"),
  "in hexadecimal": (bytes) => Buffer.from(bytes).toString("hex"),
  "in hexadecimal, in capitals": (bytes) => Buffer.from(bytes).toString("hex").toUpperCase(),
  "percent-encoded": (bytes) => encodeURIComponent(text(bytes)),
  "percent-encoded in lower case": (bytes) =>
    encodeURIComponent(text(bytes)).replace(/%../g, (each) => each.toLowerCase()),
  "percent-encoded strictly": (bytes) => strict(text(bytes)),
  "percent-encoded by Go": (bytes) => strict(text(bytes)).replaceAll("%20", "+"),
  "as a form": (bytes) => String(new URLSearchParams({ secret: text(bytes) })),
  "as HTML": (bytes) => html(text(bytes), { '"': "&quot;", "'": "&#x27;" }),
  "as HTML of Go": (bytes) => html(text(bytes), { '"': "&#34;", "'": "&#39;" }),
  "line by line": (bytes) =>
    text(bytes)
      .split(/[\r\n]+/)
      .join(" | "),
};

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function strict(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (char) =>
    escape(char, "%", 2).toUpperCase(),
  );
}

function escape(char: string, start: string, digits: number): string {
  return start + char.charCodeAt(0).toString(16).padStart(digits, "0");
}

function html(value: string, more: Readonly<Record<string, string>>): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    ...more,
  };
  return value.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** Returns the form of a secret that is sent. */
export function toSentBytes(secret: unknown): Uint8Array {
  if (secret instanceof Uint8Array) {
    return secret;
  }
  if (secret instanceof ArrayBuffer) {
    return new Uint8Array(secret);
  }
  if (Array.isArray(secret) && secret.every((each) => typeof each === "number")) {
    return Uint8Array.from(secret);
  }
  return new TextEncoder().encode(
    typeof secret === "symbol" ? (secret.description ?? "") : String(secret),
  );
}
