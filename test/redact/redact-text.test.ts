import { describe, expect, test } from "vitest";
import { listTextVariants } from "../../src/redact/secret-variants.js";
import { redactText } from "../../src/redact/redact-text.js";

const limit = 8192;
const secret = "planted-5f3a9c0e7b21";

describe("a long text from a server", () => {
  test("is cut, with a note of the length of the rest", () => {
    const clean = redactText("x".repeat(39_936), []);
    expect(clean).toBe(`${"x".repeat(limit)}… [cut: 31,744 more characters]`);
    expect(redactText(clean, [])).toBe(clean);
  });

  test("is kept complete up to the limit", () => {
    expect(redactText("x".repeat(limit), [])).toBe("x".repeat(limit));
  });

  test("is cut between characters, not within a surrogate pair", () => {
    expect(redactText(`x${"🔑".repeat(limit)}`, [])).toMatch(/^x(?:🔑){4095}… \[cut: /u);
  });

  test("does not grow by its replacements", () => {
    const clean = redactText("abcd.".repeat(1600), ["abcd"]);
    expect(clean.length).toBeLessThan(limit + 64);
    expect(clean).toMatch(
      /^(?:\[redacted\]\.)+(?:\[redacted\])?… \[cut: [\d,]+ more characters\]$/,
    );
    expect(redactText(clean, ["abcd"])).toBe(clean);
  });
});

describe("a secret across the cut is removed completely", () => {
  const ways: Readonly<Record<string, (text: string) => string>> = {
    "as it is": (text) => text,
    "in base64": (text) => Buffer.from(text).toString("base64"),
    "in hexadecimal": (text) => Buffer.from(text).toString("hex"),
    "percent-encoded": (text) => encodeURIComponent(`"${text}"`),
  };
  test.each(Object.entries(ways))("%s, wherever it begins", (_, write) => {
    const written = write(secret);
    const variants = listTextVariants(secret);
    const left: number[] = [];
    for (let begin = limit - written.length - 1; begin <= limit; begin++) {
      const clean = redactText(`${"-".repeat(begin)}${written}${"-".repeat(500)}`, variants);
      const [kept = ""] = clean.replaceAll("[redacted]", "").split("…");
      // The characters around a piece of base64 stand for a part of one of its bytes, and of its neighbour.
      if (/[^-]{7}/.test(kept.replaceAll("%22", ""))) {
        left.push(begin);
      }
    }
    expect(left).toEqual([]);
  });

  test("by its beginning alone, if the rest was cut off", () => {
    expect(redactText(`got ${secret.slice(0, 14)}`, [secret])).toBe("got [redacted]");
  });

  test.each<[string, string]>([
    ["a JWT", `eyJ${"hbGciOi".repeat(40)}.e30.c2ln`],
    ["a bearer token", `Bearer ${"a1".repeat(40)}`],
    ["the password of a URL", `https://user:${"a1".repeat(40)}@host/`],
    ["a header that is refused", `"${"a1".repeat(5000)}" is an invalid header value`],
    ["JSON that cannot be parsed", `"${"a1".repeat(40)}" is not valid JSON`],
  ])("%s, by its shape", (_, text) => {
    const clean = redactText(`${" ".repeat(limit - 24)}${text}${" x".repeat(500)}`, []);
    expect(clean).not.toMatch(/a1a1|OihbGc/);
    expect(clean).toMatch(/… \[cut: [\d,]+ more characters\]$/);
  });
});

describe("the time of redaction does not depend on", () => {
  // Each of these took seconds to minutes. The deadline is that of the test alone.
  const long = (atom: string): string => atom.repeat(Math.ceil(1_000_000 / atom.length));
  const atoms = [
    '"',
    "eyJ-",
    "eyJaaaaaaaa.",
    "a.",
    "x://",
    "Bearer ",
    "bearer\t",
    "a://b@",
    ' is not valid JSON"',
  ];
  test.each(atoms)("a text of %j", { timeout: 5000 }, (atom) => {
    expect(redactText(long(atom), [secret]).length).toBeLessThan(limit + 64);
  });

  const pem = Array.from({ length: 1500 }, (_, line) => `${line}MIIEvQIBADANBgkqhkiG9w0BAQEFA/+`);
  test.each<[string, string[]]>([
    ["a large secret", ["a".repeat(100_000)]],
    ["a large secret of signs that are escaped", [`"é<&%'`.repeat(20_000)]],
    ["a secret of many lines", [pem.join("\n")]],
    ["many secrets", Array.from({ length: 1000 }, (_, each) => `ghp_${each}_planted`)],
  ])("%s", { timeout: 5000 }, (_, secrets) => {
    const variants = secrets.flatMap(listTextVariants);
    for (const text of [...secrets.slice(0, 10), long("a"), long('"'), secrets.join(" ")]) {
      for (const quoted of [text, encodeURIComponent(text), Buffer.from(text).toString("base64")]) {
        expect(redactText(`got ${quoted}`, variants).length).toBeLessThan(limit + 64);
      }
    }
  });

  test("a secret that is longer than the kept text", () => {
    const large = Array.from({ length: 20_000 }, (_, each) => `"${each}`).join("");
    const variants = listTextVariants(large);
    for (const quoted of [
      large,
      JSON.stringify(large),
      encodeURIComponent(large),
      Buffer.from(large).toString("base64"),
    ]) {
      expect(redactText(`got ${quoted}.`, variants)).toMatch(/^got "?\[redacted\]… \[cut: /);
    }
  });
});
