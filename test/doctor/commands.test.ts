import { describe, expect, test } from "vitest";
import type { Finding, FindingProvider } from "../../src/lint/finding.js";
import { mergeFindings } from "../../src/doctor/merge-findings.js";
import { addFixCommand } from "../../src/doctor/add-fix-command.js";

const createFinding = (
  type: FindingProvider["type"],
  fix: string,
  severity: Finding["severity"] = "broken",
): Finding => ({
  owner: { owner: "org", orgId: "7" },
  provider: { type, name: "Login", id: "42" },
  severity,
  check: "options/nobody-can-enter",
  message: "nobody can sign in",
  fix,
});

describe("the fix of a finding about a provider that exists", () => {
  test.each([
    [
      "google",
      { field: "options.isCreationAllowed", value: "true" },
      "set options.isCreationAllowed: true to let new users get an account",
      "--set options.isCreationAllowed=true",
    ],
    ["ldap", { field: "servers" }, "use another URL in servers", "--set 'servers=…'"],
    [
      "ldap",
      { field: "rootCa" },
      "set rootCa to the present certificate",
      "--set-file rootCa=FILE",
    ],
    [
      "ldap",
      { field: "bindPassword" },
      "set bindDn and bindPassword",
      "--secret-env bindPassword=VARIABLE",
    ],
    [
      "apple",
      { field: "privateKey" },
      "set privateKey to the key",
      "--secret-file privateKey=FILE",
    ],
    ["apple", { field: "clientId" }, "copy it from Apple", "--set 'clientId=…'"],
  ] as const)("has the command: %s, %j", (type, change, fix, flags) => {
    const command = `zitadel-idp update 42 ${flags} --org 7`;
    expect(addFixCommand(createFinding(type, fix), change).fix).toBe(`${fix}: ${command}`);
  });

  test("has no command if its change is not known as data, whatever the text says", () => {
    const finding = createFinding("oidc", "set issuer: https, and copy issuer from the provider");
    expect(addFixCommand(finding, undefined)).toBe(finding);
  });

  test.each([
    ["a note", createFinding("oidc", "set usePkce: true", "note"), "usePkce"],
    ["a check that was not made", createFinding("oidc", "set issuer", "unchecked"), "issuer"],
    ["a field that is not of the provider", createFinding("oidc", "set active: false"), "active"],
    ["a legacy IDP", createFinding("legacyOidc", "correct the issuer"), "issuer"],
  ] as const)("stays as it is for %s", (_, finding, field) => {
    expect(addFixCommand(finding, { field })).toBe(finding);
  });

  test("stays as it is for a provider of a file", () => {
    const finding: Finding = {
      ...createFinding("ldap", "set rootCa to it"),
      provider: { type: "ldap", name: "Login" },
    };
    expect(addFixCommand(finding, { field: "rootCa" })).toBe(finding);
  });
});

describe("the merged findings", () => {
  test("have the command, and no facts for the doctor itself", () => {
    const finding = createFinding("ldap", "set rootCa to it");
    const draft = { ...finding, change: { field: "rootCa" }, isUnanswered: true };
    const command = "zitadel-idp update 42 --set-file rootCa=FILE --org 7";
    const merged = { ...finding, fix: `${finding.fix}: ${command}` };
    expect(mergeFindings([draft], [])).toStrictEqual([merged]);
    expect(mergeFindings([], [draft])).toStrictEqual([merged]);
  });

  test.each([
    ["have the guess of a rule", true, ["oidc/discovery-unreachable", "oidc/issuer-mismatch"]],
    ["lack the guess of a rule", undefined, ["oidc/discovery-unreachable"]],
  ])(
    "%s if the server of the discovery document has isUnanswered: %s",
    (_, isUnanswered, checks) => {
      const guess = { ...createFinding("oidc", "copy it"), check: "oidc/issuer-mismatch" };
      const unreachable = {
        ...createFinding("oidc", "correct the URL"),
        check: "oidc/discovery-unreachable",
        message: "the discovery document cannot be loaded",
        isUnanswered,
      };
      const merged = mergeFindings([unreachable], [guess]);
      expect(merged.map(({ check }) => check).toSorted()).toEqual(checks);
    },
  );
});
