import { readdirSync, readFileSync } from "node:fs";
import { Code, ConnectError } from "@connectrpc/connect";
import { parseAst } from "vitest/node";
import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { clientCredentials } from "zitadel-idp/auth";
import { redactText } from "../../src/redact/redact-text.js";
import { discovery, discoveryPath, startTokenServer } from "../auth/token-server.js";

const src = new URL("../../src/", import.meta.url);

/** Returns each sentence of the sources, with a word for each placeholder: literals of several words, and templates. */
function sentences(): string[] {
  const found: string[] = [];
  for (const file of readdirSync(src, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".ts")) {
      visit(parseAst(readFileSync(new URL(file, src), "utf8"), { lang: "ts" }), found);
    }
  }
  return found.filter((text) => /[a-z]+ [a-z]+/i.test(text));
}

function visit(value: unknown, found: string[]): void {
  if (typeof value !== "object" || value === null) {
    return;
  }
  const {
    type,
    value: literal,
    quasis,
  } = value as {
    type?: unknown;
    value?: unknown;
    quasis?: readonly { value: { cooked: string } }[];
  };
  if (type === "Literal" && typeof literal === "string") {
    found.push(literal);
  }
  if (type === "TemplateLiteral" && quasis !== undefined) {
    found.push(quasis.map((quasi) => quasi.value.cooked).join("word"));
  }
  Object.values(value).forEach((child) => visit(child, found));
}

test("the error texts of this package are not redacted", () => {
  const all = sentences();
  expect(all.length).toBeGreaterThan(500);
  // These write the header itself.
  const written = all.filter((text) => !text.includes("Bearer word"));
  expect(written.filter((text) => redactText(text, []) !== text)).toEqual([]);
});

describe('the word after "bearer" is kept if it is a word, and removed if it is a token', () => {
  test.each<[text: string, clean: string]>([
    ["answered without a bearer token", "answered without a bearer token"],
    ["a bearer token, which is", "a bearer token, which is"],
    ["no bearer tokens here.", "no bearer tokens here."],
    ["the bearer must be", "the bearer must be"],
    ["Bearer authentication failed", "Bearer authentication failed"],
    ['Bearer realm="api", error="invalid_token"', 'Bearer realm="api", error="invalid_token"'],
    ["got Bearer planted", "got Bearer [redacted]"],
    ["authorization: bearer planted", "authorization: bearer [redacted]"],
    ["Authorization=Bearer planted", "Authorization=Bearer [redacted]"],
    ['{"authorization":"bearer planted"}', '{"authorization":"bearer [redacted]"}'],
    ["a bearer planted-1 was sent", "a bearer [redacted] was sent"],
    ["a bearer plantedplantedplanted", "a bearer [redacted]"],
    ["BEARER eyJhbGciOiJub25l.e30.c2ln", "BEARER [redacted]"],
  ])("%s", (text, clean) => {
    expect(redactText(text, [])).toBe(clean);
    expect(redactText(clean, [])).toBe(clean);
  });
});

test("an error about a response without a token is readable", async () => {
  await using tokens = await startTokenServer(({ path }, url) =>
    path === discoveryPath ? discovery(url) : { status: 200, body: { token_type: "Bearer" } },
  );
  const auth = clientCredentials({ clientId: "bot", clientSecret: "planted-1" });
  await using zitadel = createIdpClient({ baseUrl: tokens.url, auth, protocol: "json" });
  const error: unknown = await zitadel.management
    .listProviders({})
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectError);
  expect(error).toMatchObject({ code: Code.FailedPrecondition });
  expect(String(error)).toMatch(/answered without a bearer token$/);
});
