import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { AttemptError } from "../../src/call/attempt-error.js";
import { Call } from "../../src/call/call.js";
import { Deadline } from "../../src/call/deadline.js";
import { toZitadelError } from "../../src/policy/errors/to-zitadel-error.js";
import type { ZitadelError } from "../../src/policy/errors/zitadel-error.js";

/** Converts the error of a call that was answered with a redirect to `location`. */
function redirectTo(location: string, { secret = "", isFrozen = false } = {}): ZitadelError {
  const thrown = new AttemptError(
    "HTTP 302",
    Code.Unknown,
    { httpStatus: 302 },
    { metadata: { location } },
  );
  const call = new Call(new Deadline(), undefined, [secret]);
  call.sent = true;
  return toZitadelError(isFrozen ? Object.freeze(thrown) : thrown, {
    method: ManagementService.method.listProviders,
    input: {},
    protocol: "json",
    baseUrl: "https://acme.example",
    call,
  });
}

/** The texts of an error that callers read. */
const textsOf = ({ message, hint, metadata }: ZitadelError): string =>
  JSON.stringify([message, hint, [...metadata]]);

describe("a hint about a redirect does not contain a secret in its host", () => {
  test.each<[form: string, secret: string, location: string, hidden: string]>([
    ["as it is", "sekret-of-call", "https://sekret-of-call.example/", "sekret-of-call"],
    ["in upper case", "SEKRET-of-call", "https://SEKRET-of-call.example/", "sekret-of-call"],
    ["percent-encoded", "sekret-of-call", "https://%73ekret-of-call.example/", "sekret-of-call"],
    ["that URLs write in ASCII", "geheim-ü-wort", "https://x-geheim-ü-wort.example/", "geheim"],
  ])("%s", (_, secret, location, hidden) => {
    const error = redirectTo(location, { secret });
    expect(error.reason).toBe("redirect");
    expect(textsOf(error)).not.toContain(hidden);
    // The same host is in the hint if it is not a secret.
    expect(redirectTo(location).hint).toContain(new URL(location).host);
  });
});

test("a frozen error gets the hint of one that is not", () => {
  const location = "https://other.example/";
  const frozen = redirectTo(location, { isFrozen: true });
  const plain = redirectTo(location);
  expect(plain.hint).toContain("https://other.example");
  expect(frozen).toMatchObject({ reason: plain.reason, hint: plain.hint, code: plain.code });
});
