import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/lint/finding.js";
import { withCommand } from "../../src/doctor/with-command.js";

const existing = { owner: { owner: "org", orgId: "7" }, id: "42" } as const;

const fixOf = (
  type: Parameters<typeof withCommand>[1]["type"],
  field: string,
  fix: string,
  severity: Finding["severity"] = "broken",
): string => withCommand({ field, fix, severity }, { ...existing, type }).fix;

describe("the remedy of a finding about a provider that exists", () => {
  test.each([
    [
      "google",
      "options",
      "set options.isCreationAllowed: true to let new users get an account",
      "--set options.isCreationAllowed=true",
    ],
    ["ldap", "servers[0]", "use another URL in servers", "--set 'servers=…'"],
    ["ldap", "rootCa", "set rootCa to the present certificate", "--set-file rootCa=FILE"],
    ["ldap", "bindPassword", "set bindDn and bindPassword", "--secret-env bindPassword=VARIABLE"],
    ["apple", "privateKey", "set privateKey to the key", "--secret-file privateKey=FILE"],
    ["apple", "clientId", "copy it from Apple", "--set 'clientId=…'"],
  ] as const)("has the command: %s, %s", (type, field, fix, flags) => {
    expect(fixOf(type, field, fix)).toBe(`${fix}: zitadel-idp update 42 ${flags} --org 7`);
  });

  test.each([
    ["oidc", "issuer", "renew the certificate of the server", "broken"],
    ["oidc", "issuer", "correct the issuer: zitadel-idp update 42 --set issuer=x", "broken"],
    ["oidc", "usePkce", "set usePkce: true", "note"],
    ["oidc", "active", "set active: false", "risk"],
  ] as const)("stays as it is: %s, %s, %s", (type, field, fix, severity) => {
    expect(fixOf(type, field, fix, severity)).toBe(fix);
  });

  test("stays as it is for a provider of a file", () => {
    const finding = { field: "rootCa", fix: "set rootCa to it", severity: "broken" } as const;
    const provider = { owner: { owner: "org" }, type: "ldap", id: undefined } as const;
    expect(withCommand(finding, provider)).toBe(finding);
  });
});
