import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import { AttemptError } from "../../src/call/attempt-error.js";
import { Call } from "../../src/call/call.js";
import { Deadline } from "../../src/call/deadline.js";
import { toZitadelError } from "../../src/policy/errors/to-zitadel-error.js";
import type { ZitadelError } from "../../src/policy/errors/zitadel-error.js";

/** Converts an error of a call with a secret. */
function convert(thrown: unknown, secret = ""): ZitadelError {
  return toZitadelError(thrown, {
    method: ManagementService.method.listProviders,
    input: {},
    protocol: "json",
    baseUrl: "https://acme.example",
    call: new Call(new Deadline(), undefined, [secret]),
  });
}

/** Creates the error of a call that was answered with a redirect. */
function redirectTo(location: string): AttemptError {
  const facts = { httpStatus: 302 };
  return new AttemptError("HTTP 302", Code.Unknown, facts, { metadata: { location } });
}

/** Creates the error of a call whose forward proxy wants credentials. */
function proxyError(): AttemptError {
  const forwardProxy = {
    host: "proxy.example:3128",
    target: "acme.example:443",
    hasCredentials: false,
    status: 407,
  };
  return new AttemptError("the proxy answered with HTTP 407", Code.Unavailable, { forwardProxy });
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
    const error = convert(redirectTo(location), secret);
    expect(error.reason).toBe("redirect");
    expect(textsOf(error)).not.toContain(hidden);
    // The same host is in the hint if it is not a secret.
    expect(convert(redirectTo(location)).hint).toContain(new URL(location).host);
  });
});

test("a frozen error gets the hint of one that is not", () => {
  const plain = convert(proxyError());
  const frozen = convert(Object.freeze(proxyError()));
  expect(plain.hint).toContain("proxy.example:3128");
  expect(frozen).toMatchObject({ reason: plain.reason, hint: plain.hint, code: plain.code });
});
