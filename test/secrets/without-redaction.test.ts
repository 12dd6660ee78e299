import { expect, test, vi } from "vitest";
import { runSecretSearch } from "./run-secret-search.js";
import { runCredentialSearch } from "./run-credential-search.js";
import { listSinkOwners } from "./report.js";

// Redaction is off here: the same search must find the secrets that redaction removes otherwise.
vi.mock("../../src/redact/redact-error.js", () => ({ redactError: (error: unknown) => error }));
vi.mock("../../src/redact/redact-text.js", async (original) => ({
  ...(await original<object>()),
  redactText: (text: string) => text,
}));
vi.mock("../../src/redact/collect-secrets.js", () => ({ collectSecrets: () => [] }));
vi.mock("../../src/redact/redact-json-fields.js", () => ({
  redactJsonFields: (_desc: unknown, json: unknown) => json,
}));

/** The situations in which secrets appear in every sink that redaction protects. */
const situationsWithSecrets =
  /^accepted or|that quotes the secret|^echo: (?:ZITADEL|headers)|^values of wrong types/;

test("without redaction, the same search finds planted secrets in each kind of sink", async () => {
  const { calls, leaks, searched } = await runSecretSearch(situationsWithSecrets, 5);
  const found = listSinkOwners(leaks.map(({ sink }) => sink));
  console.info(
    `search for secrets, without redaction: ${leaks.length} markers found in ${calls} calls, in ${found.size} kinds of sinks`,
  );
  // These never hold secrets, so nothing has to be removed.
  const clean = /^(?:client|result|console)|^hooks on\w+ toString/;
  const expected = [...listSinkOwners(searched.keys())].filter((family) => !clean.test(family));
  expect(expected.length).toBeGreaterThan(15);
  expect(expected.filter((family) => !found.has(family))).toEqual([]);
  expect(new Set(leaks.map(({ encoding }) => encoding))).toEqual(
    new Set(["plain", "base64", "decimal", "hexadecimal"]),
  );
});

test("without redaction, it finds client secrets, assertions and tokens", async () => {
  const { leaks, pieces } = await runCredentialSearch(7);
  const planted = new Set(leaks.map((leak) => leak.planted.replace(/:.*/, "")));
  expect(planted).toEqual(new Set(["a client secret", "a token that was given"]));
  expect(pieces.length).toBeGreaterThan(0);
});
