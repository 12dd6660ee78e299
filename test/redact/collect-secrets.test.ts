import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import {
  AddAppleProviderRequestSchema,
  AddGoogleProviderRequestSchema,
  MigrateGenericOIDCProviderRequestSchema,
} from "../../gen/zitadel/management_pb.js";
import { redactText } from "../../src/redact/redact-text.js";
import { collectSecrets } from "../../src/redact/collect-secrets.js";
import { allMethods } from "../support/all-methods.js";
import { createRandom, randomMessage } from "../support/random-message.js";

const google = AddGoogleProviderRequestSchema;
const apple = AddAppleProviderRequestSchema;
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

const cycle: Record<string, unknown> = { deep: "planted-1" };
cycle["self"] = cycle;
const trap = new Proxy(
  {},
  {
    get: () => {
      throw new Error("trap");
    },
    ownKeys: () => {
      throw new Error("trap");
    },
  },
);

describe("finds the secret of a request, whatever its type", () => {
  test.each<[string, unknown, string]>([
    ["a message", create(google, { clientSecret: "planted-1" }), "planted-1"],
    ["an init object", { clientSecret: "planted-1" }, "planted-1"],
    ["its name in the proto", { client_secret: "planted-1" }, "planted-1"],
    ["a number", { clientSecret: 123456789 }, "123456789"],
    ["a bigint", { clientSecret: 123456789n }, "123456789"],
    ["a symbol", { clientSecret: Symbol("planted-1") }, "planted-1"],
    ["a String object", { clientSecret: new String("planted-1") }, "planted-1"],
    ["a list", { clientSecret: ["x", "planted-1"] }, "planted-1"],
    ["a map", { clientSecret: new Map([["x", "planted-1"]]) }, "planted-1"],
    ["nested junk", { clientSecret: { a: { b: ["planted-1"] } } }, "planted-1"],
    ["a cycle", { clientSecret: cycle }, "planted-1"],
    [
      "an object with a method toString",
      { clientSecret: { toString: () => "planted-1" } },
      "planted-1",
    ],
    ["bytes where a text belongs", { clientSecret: bytes("planted-1") }, "planted-1"],
    ["blanks around it", { clientSecret: "  planted-1\n" }, "planted-1"],
    ["a lone surrogate", { clientSecret: "planted\ud800" }, "planted\ufffd"],
    [
      "beside a trap",
      { scopes: trap, providerOptions: trap, clientSecret: "planted-1" },
      "planted-1",
    ],
  ])("%s", (_, input, secret) => {
    expect(collectSecrets(google, input)).toContain(secret);
  });

  test.each<[string, unknown]>([
    ["in its oneof", { template: { case: "google", value: { clientSecret: "planted-1" } } }],
    [
      "under a case that does not exist",
      { template: { case: "x", value: { clientSecret: "planted-1" } } },
    ],
    ["without the oneof around it", { google: { clientSecret: "planted-1" } }],
    ["in a list where no list belongs", { google: [{ clientSecret: "planted-1" }] }],
  ])("in a nested message, %s", (_, input) => {
    expect(collectSecrets(MigrateGenericOIDCProviderRequestSchema, input)).toContain("planted-1");
  });

  test.each<[string, unknown]>([
    ["bytes", bytes("planted?>-1")],
    ["a Buffer", Buffer.from("planted?>-1")],
    ["an ArrayBuffer", bytes("planted?>-1").buffer],
    ["a DataView", new DataView(bytes("planted?>-1").buffer)],
    ["a list of numbers", [...bytes("planted?>-1")]],
    ["the JSON form of a Buffer", JSON.parse(JSON.stringify(Buffer.from("planted?>-1")))],
  ])("%s, in all encodings", (_, privateKey) => {
    const buffer = Buffer.from("planted?>-1");
    expect(collectSecrets(apple, { privateKey })).toEqual(
      expect.arrayContaining([
        "planted?>-1",
        buffer.toString("base64"),
        buffer.toString("base64").replace(/=+$/, ""),
        buffer.toString("base64url"),
        buffer.toString("base64").replaceAll("/", "_"),
        buffer.toString("hex"),
        buffer.toString("hex").toUpperCase(),
      ]),
    );
  });

  test("in every RPC that has one", () => {
    const random = createRandom(7);
    for (const { input } of allMethods) {
      for (const field of input.fields.filter(({ proto }) => proto.options?.debugRedact)) {
        const message = { ...randomMessage(input, random), [field.localName]: "planted-1" };
        expect(collectSecrets(input, message), String(field)).toContain("planted-1");
      }
    }
  });
});

describe("removes a secret from a text, in the form of", () => {
  const secret = 'p"l/a ñ+t&\\zz<1>';
  test.each<[string, string]>([
    ["itself", secret],
    ["JSON", JSON.stringify({ secret })],
    ["JSON as Go writes it", '{"secret":"p\\"l/a ñ+t\\u0026\\\\zz\\u003c1\\u003e"}'],
    ["protobuf-es's error texts", `got "${secret.replaceAll('"', '\\"')}"`],
    ["a URL", `https://x/?s=${encodeURIComponent(secret)}`],
    ["a URL in lower case", encodeURIComponent(secret).toLowerCase()],
    ["a form", new URLSearchParams({ secret }).toString()],
  ])("%s", (_, text) => {
    expect(text).toMatch(/zz(?:<|%3c|\\u003c)1/i);
    expect(redactText(text, collectSecrets(google, { clientSecret: secret }))).not.toMatch(/zz/);
  });

  const lines = ["MIGHAgEAMBMGByqGSM49AgEGCCqGSM49", "AwEHBG0wawIBAQQgplanted"];
  const pem = `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
  test.each<[string, string]>([
    ["lines of its own", `x\r\n  ${lines.join("\r\n  ")}`],
    ["a single line", lines.join("")],
    ["one line", `near ${lines[1]}`],
  ])("%s of a PEM file", (_, text) => {
    for (const privateKey of [bytes(pem), pem]) {
      const clean = redactText(text, collectSecrets(apple, { privateKey }));
      expect(clean).toContain("[redacted]");
      expect(clean).not.toMatch(/MIGH|planted/);
    }
  });

  test("a PEM file keeps the line that all PEM files have", () => {
    const text = "no line -----BEGIN PRIVATE KEY----- found";
    expect(redactText(text, collectSecrets(apple, { privateKey: pem }))).toBe(text);
  });
});

describe("finds no secret, and does not throw, in", () => {
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["a text", "planted"],
    ["a number", 1],
    ["a trap", trap],
    ["a list", [1, [2]]],
    ["a secret of less than four characters", { clientSecret: "abc" }],
    ["a secret of blanks", { clientSecret: "      " }],
    ["a boolean", { clientSecret: true }],
    ["a function", { clientSecret: () => "planted" }],
    ["a trap in place of the secret", { clientSecret: trap }],
    ["fields that are not secret", { name: "planted", clientId: "planted", scopes: ["planted"] }],
  ])("%s", (_, input) => {
    expect(collectSecrets(google, input)).toEqual([]);
  });
});
