import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { createProviders } from "../../src/providers/index.js";
import { createDesiredSchema } from "../../src/providers/plan/desired-schema.js";
import { cli } from "../support/cli.js";
import { createRandom } from "../support/random-message.js";
import { providerTypeNames, randomSettings } from "../support/random-settings.js";

const validate = new Ajv({ strict: true, strictRequired: false, strictTypes: false }).compile(
  createDesiredSchema(),
);

describe("the schema of the file", () => {
  test("is printed by the command and contained in the package", async () => {
    const { stdout } = await cli(["schema"]);
    expect(JSON.parse(stdout)).toEqual(createDesiredSchema());
    expect(readFileSync("dist/providers.schema.json", "utf8")).toBe(stdout);
  });

  let exported: string[];
  beforeAll(async () => {
    await using emulator = createEmulator();
    const { url } = await emulator.listen();
    await using client = createIdpClient({ baseUrl: url, auth: emulator.token });
    const providers = createProviders(client, { owner: "org" });
    const random = createRandom(20261122);
    for (const type of providerTypeNames) {
      for (let round = 0; round < 4; round++) {
        await providers.add(randomSettings(type, random));
      }
    }
    const env = { ZITADEL_URL: url, ZITADEL_TOKEN: emulator.token };
    const formats = [["export"], ["export", "--ids", "--no-active"], ["export", "--json"]];
    exported = await Promise.all(formats.map(async (args) => (await cli(args, { env })).stdout));
  });

  test("accepts exported random providers of all types", () => {
    for (const text of exported) {
      validate(parse(text));
      expect(validate.errors).toBeNull();
    }
  });

  const google = { type: "google", clientId: "c" };
  test.each<[boolean, string, object]>([
    [true, "a variable for a secret", { ...google, clientSecret: "${SECRET}" }],
    [true, "a file for a secret", { ...google, clientSecret: { file: "secret.txt" } }],
    [
      true,
      "a variable in text of a limited length",
      { type: "apple", clientId: "c", teamId: "${APPLE_TEAM_ID}", keyId: "K123456789" },
    ],
    [true, "metadata from a file", { type: "saml", name: "s", metadataXml: { file: "m.xml" } }],
    [true, "an absent provider", { absent: true, type: "google", name: "Google" }],
    [true, "an absent provider with its id", { absent: true, id: "1" }],
    [true, "the date of a secret", { ...google, clientSecretExpires: "2031-03-01" }],
    [true, "the time of a secret", { ...google, clientSecretExpires: "2031-03-01T12:00:00Z" }],
    [true, "a variable for the date of a secret", { ...google, clientSecretExpires: "${DATE}" }],
    [false, "another date of a secret", { ...google, clientSecretExpires: "1.3.2031" }],
    [
      false,
      "the date of the secret of another type",
      { ...google, privateKeyExpires: "2031-03-01" },
    ],
    [false, "a literal secret", { ...google, clientSecret: "literal" }],
    [false, "a variable within a secret", { ...google, clientSecret: "a${SECRET}" }],
    [false, "an unknown type", { ...google, type: "gogle" }],
    [false, "no type", { clientId: "c" }],
    [false, "an unknown field", { ...google, issuer: "x" }],
    [false, "a missing field", { type: "google" }],
    [false, "text for a flag", { ...google, options: { isAutoUpdate: "${FLAG}" } }],
    [false, "an unknown choice", { ...google, options: { autoLinking: "phone" } }],
    [false, "text that is too long", { ...google, clientId: "x".repeat(201) }],
    [false, "too many scopes", { ...google, scopes: Array.from({ length: 21 }, String) }],
    [
      false,
      "both forms of metadata",
      { type: "saml", name: "s", metadataXml: "<x/>", metadataUrl: "u" },
    ],
    [true, "an absent legacy IDP", { absent: true, type: "legacyOidc", name: "Old" }],
    [true, "a provider of the instance by name", { instance: true, name: "G", active: true }],
    [true, "a provider of the instance by id", { instance: true, id: "1", active: false }],
    [false, "a provider of the instance without active", { instance: true, id: "1" }],
    [false, "a provider of the instance without name and id", { instance: true, active: true }],
    [
      false,
      "a field of a provider of the instance",
      { instance: true, id: "1", active: true, clientId: "c" },
    ],
    [false, "an absent provider of an unknown type", { absent: true, type: "gogle", name: "x" }],
    [false, "an absent provider without type and id", { absent: true, name: "x" }],
    [false, "an id that is a number", { ...google, id: 1 }],
  ])("validates as %j: %s", (isRight, _, provider) => {
    expect(validate({ organization: { providers: [provider] } })).toBe(isRight);
  });

  test("accepts an entry for a provider of the instance only in an organization", () => {
    const owner = { providers: [{ instance: true, id: "1", active: true }] };
    expect(validate({ organization: owner, organizations: { "7": owner } })).toBe(true);
    expect(validate({ instance: owner })).toBe(false);
    expect(validate({ instance: { providers: [google] } })).toBe(true);
  });

  test("describes each field for editors", () => {
    const { definitions } = createDesiredSchema() as {
      definitions: Record<
        string,
        { description?: string; properties: Record<string, { description?: string }> }
      >;
    };
    for (const type of providerTypeNames) {
      expect(definitions[type]?.description).toMatch(/\S/);
      for (const [name, { description }] of Object.entries(definitions[type]?.properties ?? {})) {
        expect(`${name}: ${name === "type" || description}`).not.toContain("undefined");
      }
    }
  });
});
