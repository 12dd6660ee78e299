import { expect } from "vitest";
import type { Finding, Severity } from "../../../src/doctor/index.js";

/** The findings that the tests of this process have seen, by their check. */
export const seenChecks: Set<string> = new Set<string>();

/** Returns the names of findings above a note, with their severity, e.g. `broken ldap/bind-rejected`. */
export function listProblems(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== "note")
    .map(({ severity, check }) => `${severity} ${check}`);
}

/** Checks that there is a finding of this check and severity, whose message has some text, and that its provider is named. */
export function expectFinding(
  findings: readonly Finding[],
  severity: Severity,
  check: string,
  text: string | RegExp,
): Finding {
  const found = findings.filter((each) => each.check === check);
  expect(
    found.map((each) => each.severity),
    describe(findings),
  ).toContain(severity);
  const finding = found.find((each) => each.severity === severity) as Finding;
  expect(finding.message).toMatch(text);
  expect(finding.provider?.name).toBe("Acme");
  expect(finding.fix).not.toBe("");
  seenChecks.add(check);
  return finding;
}

function describe(findings: readonly Finding[]): string {
  return findings
    .map(({ severity, check, message }) => `${severity} ${check}: ${message}`)
    .join("\n");
}
