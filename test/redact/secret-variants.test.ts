import { describe, expect, test } from "vitest";
import { listBytesVariants, listTextVariants } from "../../src/redact/secret-variants.js";
import { redactHeader } from "../../src/redact/redact-header.js";
import { redactText } from "../../src/redact/redact-text.js";

const secret = `a"b/é<c>&'d' \u2028(e)`;
const json = JSON.stringify(secret).slice(1, -1);
const base64 = (text: string, encoding: BufferEncoding = "base64"): string =>
  Buffer.from(text).toString(encoding);

describe("a secret is recognized", () => {
  test.each<[how: string, quoted: string]>([
    ["in base64", base64(secret)],
    ["in base64 of a body, one byte on", base64(`{${secret}}`)],
    ["in base64 of a body, two bytes on", base64(`{"${secret}"}`)],
    ["in base64 of JSON", base64(`{"s":"${json}"}`)],
    ["in base64url", base64(`?>${secret}`, "base64url")],
    ["in hexadecimal", base64(`{${secret}`, "hex")],
    ["in hexadecimal, in capitals", base64(`{${secret}`, "hex").toUpperCase()],
    ["in JSON of ASCII", json.replace("é", "\\u00e9").replace("\u2028", "\\u2028")],
    ["in JSON of PHP", json.replaceAll("/", "\\/")],
    ["in JSON within JSON", JSON.stringify(json)],
    ["in HTML", `a&quot;b/é&lt;c&gt;&amp;&#x27;d&#x27; \u2028(e)`],
    ["in HTML of Go", `a&#34;b/é&lt;c&gt;&amp;&#39;d&#39; \u2028(e)`],
    ["in a query of Go", "a%22b%2F%C3%A9%3Cc%3E%26%27d%27+%E2%80%A8%28e%29"],
    ["in a header, whose characters are bytes", Buffer.from(secret).toString("latin1")],
  ])("%s", (_, quoted) => {
    const left = redactText(`got ${quoted}.`, listTextVariants(secret));
    expect(left).toContain("[redacted]");
    // The characters at the ends of a piece of base64 stand for a part of one of its bytes.
    expect(left.replace("[redacted]", "").length).toBeLessThan(20);
  });

  test("by its runs of letters and digits, however often the rest is escaped", () => {
    const runs = "9f8e7d6c5b4a%22longerThanMostWordsAre";
    const twice = encodeURIComponent(encodeURIComponent(runs));
    expect(redactText(twice, listTextVariants(runs))).toBe("[redacted]%2525[redacted]");
    expect(listTextVariants("my authorization")).not.toContain("authorization");
  });

  test("in bytes that are not UTF-8", () => {
    const bytes = Uint8Array.of(0x61, 0xff, 0x62, 0x63, 0x64);
    const read = [new TextDecoder().decode(bytes), Buffer.from(bytes).toString("latin1")];
    for (const text of [...read, Buffer.from([1, ...bytes]).toString("hex")]) {
      expect(redactText(text, listBytesVariants(bytes))).toContain("[redacted]");
    }
  });
});

test("a header that cannot be sent never appears in the error, whatever its source", () => {
  const attempts = [() => new Headers({ a: 'x"y\nz' }), () => new Headers({ 'x"y z': "a" })];
  for (const attempt of attempts) {
    expect(attempt).toThrow(/x"y/);
    try {
      attempt();
    } catch (error) {
      expect(redactText(String(error), [])).toMatch(/: \[redacted\] is an invalid header \w+/);
    }
  }
});

test("a gRPC message is read although it is encoded incorrectly", () => {
  const encoded = "100%zz got pl%C3%A4nt%25%22ed";
  expect(redactHeader("grpc-message", encoded, ['plänt%"ed'])).not.toContain("nt");
});

test("the variants of a long key are listed quickly", () => {
  const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
  const key = `-----BEGIN PRIVATE KEY-----\n${`${line}\n`.repeat(100)}-----END PRIVATE KEY-----\n`;
  const begun = performance.now();
  expect(listTextVariants(key)).toContain(line);
  expect(performance.now() - begun).toBeLessThan(500);
});
