import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { checkOptions } from "../../src/options/check-options.js";
import { runtime as browser } from "../../src/runtime/browser.js";
import { runtime as fetchOnly } from "../../src/runtime/edge.js";
import { runtime as node } from "../../src/runtime/node-bun-deno.js";

describe("the protocol of a client", () => {
  const fetch = globalThis.fetch;
  test.each([
    ["Node.js", node, {}, "grpc"],
    ["Node.js with the option fetch", node, { fetch }, "json"],
    ["a browser", browser, {}, "grpc-web"],
    ["a browser with the option fetch", browser, { fetch }, "grpc-web"],
    ["a runtime that only has fetch", fetchOnly, {}, "json"],
    ["Node.js, asked for grpc-web", node, { protocol: "grpc-web" }, "grpc-web"],
    ["a browser, asked for json", browser, { protocol: "json" }, "json"],
  ] as const)("%s", (_, runtime, given, expected) => {
    expect(
      checkOptions({ baseUrl: "https://acme.test", ...given }, runtime).transportChoice.protocol,
    ).toBe(expected);
  });

  test.each([
    ["a browser", browser],
    ["this runtime", fetchOnly],
  ])("%s rejects gRPC with the reason and the fix", (name, runtime) => {
    expect(() => checkOptions({ baseUrl: "https://acme.test", protocol: "grpc" }, runtime)).toThrow(
      `option protocol: "grpc" is not available in ${name}, which has no HTTP/2 client with trailers; use "grpc-web" or "json", or leave it out`,
    );
  });
});

describe("invalid options are rejected at creation", () => {
  const secret = "t0ps3cret";
  test.each<[string, object, string]>([
    ["no base URL", { baseUrl: undefined }, "option baseUrl: must be an absolute URL"],
    ["a host alone", { baseUrl: "acme.zitadel.cloud" }, "option baseUrl: must be an absolute URL"],
    ["another scheme", { baseUrl: "ftp://acme.test" }, "option baseUrl: must begin with https://"],
    [
      "a password in the URL",
      { baseUrl: `https://u:${secret}@acme.test` },
      "option baseUrl: must not contain a user name",
    ],
    [
      "a query in the URL",
      { baseUrl: `https://acme.test?x=${secret}` },
      "option baseUrl: must not contain a query",
    ],
    [
      "a gateway's path",
      { baseUrl: "https://acme.test/management/v1" },
      "option baseUrl: must be the instance's own address",
    ],
    [
      "an empty token",
      { auth: "" },
      "option auth: must be a token: text that is not empty; leave it out",
    ],
    [
      "a token with its scheme",
      { auth: `Bearer ${secret}` },
      'option auth: must be the token alone, without "Bearer"',
    ],
    ["a token with a line break", { auth: `${secret}\n` }, "option auth: must not contain spaces"],
    [
      "a token over plain http",
      { baseUrl: "http://acme.test", auth: secret },
      "option auth: would be sent unencrypted to acme.test",
    ],
    [
      "an organization with a blank",
      { orgId: "1 2" },
      "option orgId: must be an organization's id",
    ],
    ["an empty organization", { orgId: "" }, "option orgId: must be an organization's id"],
    [
      "no such protocol",
      { protocol: "http" },
      'option protocol: must be "auto", "json", "grpc" or "grpc-web"',
    ],
    [
      "a deadline of zero",
      { timeoutMs: 0 },
      "option timeoutMs: must be a number of milliseconds above 0",
    ],
    [
      "a deadline as text",
      { timeoutMs: "5000" },
      "option timeoutMs: must be a number of milliseconds above 0",
    ],
    ["a deadline that setTimeout cannot hold", { timeoutMs: 2 ** 31 }, "and at most 2147483647"],
    [
      "the token as a header",
      { headers: { Authorization: secret } },
      "option headers: must not contain authorization; use the option auth",
    ],
    [
      "the organization as a header",
      { headers: { "x-zitadel-orgid": "1" } },
      "option headers: must not contain x-zitadel-orgid; use the option orgId",
    ],
    [
      "a header that HTTP forbids",
      { headers: { "x-a": `${secret}\n1` } },
      "option headers: a name or a value is not allowed in HTTP",
    ],
    ["an interceptor that is none", { interceptors: [{}] }, "option interceptors: must be a list"],
    ["a fetch that is none", { fetch: true }, "option fetch: must be a function"],
    [
      "fetch with gRPC",
      { protocol: "grpc", fetch: globalThis.fetch },
      'option fetch: has no effect on the protocol "grpc"',
    ],
    ["a misspelt name", { orgID: "1" }, "option orgID: unknown option; did you mean orgId?"],
    [
      "an unknown name",
      { colour: "red" },
      "option colour: unknown option; the options are baseUrl,",
    ],
  ])("%s", (_, given, message) => {
    const create = (): unknown => createIdpClient({ baseUrl: "https://acme.test", ...given });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
    expect(create).not.toThrow(secret);
  });

  test.each([
    ["http to this machine by name", { baseUrl: "http://localhost:8080", auth: "t" }],
    ["http to this machine by address", { baseUrl: "http://127.0.0.1:8080", auth: "t" }],
    ["http to this machine by IPv6 address", { baseUrl: "http://[::1]:8080", auth: "t" }],
    [
      "http elsewhere, when it is asked for",
      { baseUrl: "http://acme.test", auth: "t", allowInsecureAuth: true },
    ],
    ["http elsewhere without a token", { baseUrl: "http://acme.test" }],
    ["a URL object with a slash at the end", { baseUrl: new URL("https://acme.test/") }],
    [
      "options that are undefined",
      { baseUrl: "https://acme.test", auth: undefined, orgId: undefined },
    ],
  ])("%s is accepted", (_, given) => {
    expect(() => createIdpClient(given)).not.toThrow();
  });
});
