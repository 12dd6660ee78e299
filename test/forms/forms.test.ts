import type { StandardSchemaV1 } from "@standard-schema/spec";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import {
  formTypes,
  providerForm,
  providerSchema,
  toSettings,
  validateProvider,
  type FormField,
} from "zitadel-idp/forms";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import {
  createProviders,
  ProviderError,
  type ProviderSettings,
  type ProviderType,
} from "zitadel-idp/providers";
import { describe, expect, test } from "vitest";
import { createRandom } from "../support/random-message.js";
import { randomSettings } from "../support/random-settings.js";

const random = createRandom(7);
const completeSettings = formTypes.map((type) => randomSettings(type, random, "Acme"));

describe("forms", () => {
  test("describe all 13 types, each field with a label, a kind and help", () => {
    expect(formTypes).toHaveLength(13);
    const fields = formTypes.flatMap((type) => providerForm(type).fields.flatMap(withInner));
    const incomplete = fields.filter(({ label, help }) => label === "" || help === "");
    expect(incomplete).toEqual([]);
    expect(
      fields.filter(({ label }) => /[a-z][A-Z]|^[a-z]/.test(label.replace("StartTLS", ""))),
    ).toEqual([]);
  });

  test("explain each field without the words of the API", () => {
    const words =
      /\b(?:server|request|call|rpc|proto\w*|enum|unspecified|returns?|stored?|write-only|true if|invalid_argument|[A-Z]{2,8}-\w{4,}|[A-Z]+_[A-Z]\w+)\b|`/i;
    // The servers of LDAP and GitLab, and requests of OpenID Connect and SAML, are no words of the API.
    const known =
      /\b(?:LDAP servers?|GitLab server|waits for a server|servers' certificates|(?:authorization|authentication|signed) requests?|for requests to the provider)\b/g;
    const helps = formTypes.flatMap((type) =>
      providerForm(type)
        .fields.flatMap(withInner)
        .map(({ help }) => help),
    );
    expect(helps.filter((help) => words.test(help.replaceAll(known, "")))).toEqual([]);
    expect(words.test("Must not be `AUTO_LINKING_OPTION_USERNAME`.")).toBe(true);
  });

  test("describe an OIDC provider", () => {
    const { label, fields } = providerForm("oidc");
    expect(label).toBe("OpenID Connect");
    expect(fields.map(({ name, kind, isRequired }) => [name, kind, isRequired])).toEqual([
      ["name", "text", true],
      ["issuer", "url", true],
      ["clientId", "text", true],
      ["clientSecret", "secret", true],
      ["scopes", "list", false],
      ["isIdTokenMapping", "flag", false],
      ["usePkce", "flag", false],
      ["options", "group", false],
    ]);
    expect(fields[2]).toMatchObject({ label: "Client ID", min: 1, max: 200, unit: "characters" });
    expect(fields[4]).toMatchObject({
      max: 20,
      unit: "entries",
      item: { min: 1, max: 100 },
      defaultValue: [],
    });
    const autoLinking = fields.at(-1)?.fields?.find(({ name }) => name === "autoLinking");
    expect(autoLinking).toMatchObject({
      kind: "choice",
      defaultValue: "unspecified",
      choices: [
        { value: "unspecified", label: "Not set" },
        { value: "username", label: "Username" },
        { value: "email", label: "Email" },
      ],
    });
  });

  test("require exactly the fields without which validation fails", () => {
    for (const type of formTypes) {
      const missing = validateProvider({ type }).map(({ path }) => path[0]);
      const required = providerForm(type).fields.filter(({ isRequired }) => isRequired);
      // A SAML provider needs one of two fields, so neither is required on its own.
      const expected = type === "saml" ? ["name", "metadataXml"] : required.map(({ name }) => name);
      expect(new Set(missing), type).toEqual(new Set(expected));
    }
  });

  test("have defaults that validation accepts", () => {
    for (const settings of completeSettings) {
      const { fields } = providerForm(settings.type);
      const defaults = fields
        .filter(({ defaultValue }) => defaultValue !== undefined && defaultValue !== "")
        .map(({ name, defaultValue }) => [name, defaultValue]);
      expect(
        validateProvider({ ...Object.fromEntries(defaults), ...settings }),
        settings.type,
      ).toEqual([]);
    }
  });

  test("reject an unknown type", () => {
    expect(() => providerForm("openid" as ProviderType)).toThrow(/the types are apple, azureAd/);
  });
});

describe("validateProvider", () => {
  test("finds the problems for which add rejects the settings", async () => {
    const settings = {
      type: "oidc",
      name: "",
      issuer: "https://acme.example",
      clientID: "x",
      options: { autoLinking: "mail" },
    };
    const problems = validateProvider(settings);
    expect(problems.map(({ path }) => path.join("."))).toEqual(
      expect.arrayContaining([
        "name",
        "clientID",
        "clientId",
        "clientSecret",
        "options.autoLinking",
      ]),
    );
    await using emulator = createEmulator();
    await using client = connect(emulator);
    const error: unknown = await createProviders(client, { owner: "org" })
      .add(settings as unknown as ProviderSettings)
      .catch((reason: unknown) => reason);
    expect((error as ProviderError).problems).toEqual(problems);
  });

  test("accepts a part of the fields for an update", () => {
    expect(validateProvider({ type: "google", clientId: "x" }, { purpose: "update" })).toEqual([]);
  });

  test.each([undefined, null, [], "oidc", 1])("rejects %j", (settings) => {
    expect(validateProvider(settings)).toEqual([
      { path: [], message: "must be an object with the type and the fields of a provider" },
    ]);
  });
});

describe("providerSchema", () => {
  test("is a Standard Schema", async () => {
    const schema: StandardSchemaV1<ProviderSettings, ProviderSettings> = providerSchema();
    const google = { type: "google", name: "Google", clientId: "id", clientSecret: "s3cret" };
    expect(await schema["~standard"].validate(google)).toEqual({ value: google });
    const { issues } = await schema["~standard"].validate({ ...google, clientId: "" });
    expect(issues?.map(({ path, message }) => [path, message])).toEqual([
      [["clientId"], "must have 1 to 200 characters; it has 0"],
    ]);
  });
});

describe("toSettings", () => {
  test("returns settings that update and add accept, for all types", async () => {
    await using emulator = createEmulator();
    await using client = connect(emulator);
    const providers = createProviders(client, { owner: "instance" });
    for (const settings of completeSettings) {
      const { id } = await providers.add(settings);
      const read = await providers.get(id);
      const written = toSettings(read);
      expect(written.type).toBe(settings.type);
      const { changed } = await providers.update(id, { ...written, name: "renamed" });
      expect(changed, settings.type).toEqual(["name"]);
      const secrets = Object.fromEntries(
        Object.entries(settings).filter(([name]) => /Secret$|Password$|^privateKey$/.test(name)),
      );
      expect(validateProvider({ ...written, ...secrets }), settings.type).toEqual([]);
    }
  });

  test("rejects settings that cannot be written", () => {
    const base = {
      id: "1",
      name: "a",
      owner: "org",
      ownerId: "2",
      state: "active",
      sequence: "3",
    } as const;
    expect(() => toSettings({ ...base, type: "unknown" })).toThrow(
      expect.objectContaining({ reason: "read_only" }) as Error,
    );
    const provider = {
      ...base,
      type: "github",
      unknown: ["config.newField"],
    } as unknown as Parameters<typeof toSettings>[0];
    expect(() => toSettings(provider)).toThrow(
      expect.objectContaining({ reason: "unknown_content" }) as Error,
    );
  });
});

describe("update", () => {
  test("explains how to leave out fields that only reads return", async () => {
    await using emulator = createEmulator();
    await using client = connect(emulator);
    const providers = createProviders(client, { owner: "org" });
    const { id } = await providers.add({ type: "google", clientId: "id", clientSecret: "s3cret" });
    const read = await providers.get(id);
    await expect(providers.update(id, { ...read, name: "Google" })).rejects.toThrow(
      /id: cannot be written: leave it out, as toSettings of zitadel-idp\/forms does/,
    );
    await expect(providers.update(id, { type: "github", name: "x" } as never)).rejects.toThrow(
      /type: must be that of the provider, google/,
    );
  });
});

/** Creates a client of an emulator. */
function connect({ token: auth, fetch }: Emulator): IdpClient {
  return createIdpClient({ baseUrl: "http://localhost", auth, fetch, protocol: "json" });
}

function withInner(field: FormField): FormField[] {
  return [field, ...(field.fields ?? []).flatMap(withInner)];
}
