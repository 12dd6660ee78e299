import { Code } from "@connectrpc/connect";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { httpStatusOf, parseViolations } from "zitadel-idp/forms";
import { describe, expect, test } from "vitest";
import { recordedErrors } from "../support/recorded-errors.js";

describe("parseViolations", () => {
  test("reads every recorded text of the server's rules", () => {
    const texts = recordedErrors.flatMap(({ json }) => {
      const { message = "" } = JSON.parse(json.body) as { message?: string };
      return message.startsWith("invalid ") && message.includes("Request.") ? [message] : [];
    });
    expect(texts.length).toBeGreaterThan(5);
    for (const text of texts) {
      const violations = parseViolations(text);
      expect(violations, text).toHaveLength(1);
      expect(violations[0]?.message, text).toMatch(/^must |^is required$/);
    }
  });

  test.each([
    {
      text: "invalid AddGoogleProviderRequest.ClientId: value length must be between 1 and 200 runes, inclusive",
      path: ["clientId"],
      message: "must have 1 to 200 characters",
    },
    {
      text: "invalid AddGenericOIDCProviderRequest.Scopes[2]: value length must be at most 100 runes",
      path: ["scopes", 2],
      message: "must have at most 100 characters",
    },
    {
      text: "invalid AddZitadelProviderRequest.InstanceRolesInfo[0]: embedded message failed validation | caused by: invalid InstanceRolesInfo.OrganizationId: value length must be between 1 and 200 runes, inclusive",
      path: ["instanceRolesInfo", 0, "organizationId"],
      message: "must have 1 to 200 characters",
    },
    {
      text: "invalid AddSAMLProviderRequest.Metadata: value is required",
      path: ["metadataXml"],
      message: "is required",
    },
    {
      text: "invalid UpdateLDAPProviderRequest.ProviderOptions: embedded message failed validation | caused by: invalid Options.AutoLinking: value must be one of the defined enum values",
      path: ["options", "autoLinking"],
      message: "must be one of the known choices",
    },
    {
      text: "invalid AppleRequest.KeyId: value length must be 10 runes",
      path: ["keyId"],
      message: "must have exactly 10 characters",
    },
  ])("finds $path in the server's text", ({ text, path, message }) => {
    expect(parseViolations(text)).toMatchObject([{ path, message }]);
  });

  test("reads the error of a call", async () => {
    await using emulator = createEmulator();
    await using client = createIdpClient({
      baseUrl: emulator.url,
      fetch: emulator.fetch,
      auth: emulator.token,
    });
    const error: unknown = await client.management
      .addGoogleProvider({})
      .catch((reason: unknown) => reason);
    expect(parseViolations(error)).toMatchObject([{ path: ["clientId"] }]);
    expect(httpStatusOf(error)).toBe(400);
  });

  test("returns no violations for other errors", () => {
    expect(
      parseViolations(new Error("Identity Provider Configuration doesn't exist (INST-D3r1s)")),
    ).toEqual([]);
    expect(parseViolations(undefined)).toEqual([]);
  });
});

describe("httpStatusOf", () => {
  test.each([
    [Code.NotFound, 404],
    [Code.PermissionDenied, 403],
    [Code.Unauthenticated, 401],
    [Code.AlreadyExists, 409],
    [Code.Unavailable, 503],
    [99, 500],
    [new Error("x"), 500],
    [undefined, 500],
  ])("of %s is %i", (value, status) => {
    expect(httpStatusOf(value)).toBe(status);
  });
});
