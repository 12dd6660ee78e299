import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { clientCredentials, type TokenSource } from "zitadel-idp/auth";
import { findProxy } from "../../src/transport/socket/find-proxy.js";
import { failureOf } from "../support/failure.js";
import { useProxyVariables } from "../support/use-proxy-variables.js";
import { wireNames } from "../support/wires.js";

const setVariables = useProxyVariables();

const proxy = "http://proxy.example:3128";
const found = `${proxy}/`;

describe("the proxy of the environment", () => {
  test.each<[string, Record<string, string>, string, string | undefined]>([
    ["none", {}, "https://a.example", undefined],
    ["HTTPS_PROXY for https:", { HTTPS_PROXY: proxy }, "https://a.example", found],
    ["https_proxy in lower case", { https_proxy: proxy }, "https://a.example", found],
    [
      "the lower case, if both are set",
      { https_proxy: proxy, HTTPS_PROXY: "http://other.example" },
      "https://a.example",
      found,
    ],
    ["not HTTPS_PROXY for http:", { HTTPS_PROXY: proxy }, "http://a.example", undefined],
    ["HTTP_PROXY for http:", { HTTP_PROXY: proxy }, "http://a.example", found],
    ["not HTTP_PROXY for https:", { HTTP_PROXY: proxy }, "https://a.example", undefined],
    ["ALL_PROXY for both", { ALL_PROXY: proxy }, "https://a.example", found],
    [
      "HTTPS_PROXY before ALL_PROXY",
      { ALL_PROXY: "http://other.example", HTTPS_PROXY: proxy },
      "https://a.example",
      found,
    ],
    ["http: without a scheme", { HTTPS_PROXY: "proxy.example:3128" }, "https://a.example", found],
    ["none if the variable is empty", { HTTPS_PROXY: "" }, "https://a.example", undefined],
  ])("is %s", (_, variables, target, expected) => {
    setVariables(variables);
    expect(findProxy(target, undefined)?.href).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ["*", "https://a.example", false],
    ["a.example", "https://a.example", false],
    ["A.Example", "https://a.example", false],
    ["other.example, a.example", "https://a.example", false],
    ["other.example a.example", "https://a.example", false],
    ["a.example", "https://sub.a.example", true],
    [".a.example", "https://sub.a.example", false],
    ["*.a.example", "https://sub.a.example", false],
    ["a.example:443", "https://a.example", false],
    ["a.example:8443", "https://a.example", true],
    ["a.example:8443", "https://a.example:8443", false],
    ["10.1.2.3", "https://10.1.2.3", false],
    ["10.1.0.0/16", "https://10.1.2.3", false],
    ["10.2.0.0/16", "https://10.1.2.3", true],
    ["192.168.0.0/16,10.1.2.0/24", "https://10.1.2.3:8443", false],
    ["2001:db8::/32", "https://[2001:db8::1]", false],
    ["2001:db8::1", "https://[2001:db8::1]", false],
    ["[2001:db8::1]", "https://[2001:db8::1]", false],
    ["2001:db9::/32", "https://[2001:db8::1]", true],
    // An address has several spellings.
    ["2001:DB8:0:0::1", "https://[2001:db8::1]", false],
    ["[2001:DB8::]/32", "https://[2001:db8::1]", false],
    // A trailing dot means the same name, on either side.
    ["a.example.", "https://a.example", false],
    ["a.example", "https://a.example.", false],
    [".example.", "https://a.example", false],
    ["a.example.:443", "https://a.example", false],
    // URLs have names in ASCII.
    ["bücher.example", "https://bücher.example", false],
    ["xn--bcher-kva.example", "https://bücher.example", false],
    [".bücher.example", "https://shop.bücher.example", false],
    ["BÜCHER.example:8443", "https://bücher.example:8443", false],
    ["a.example:8443, ", "https://a.example:8443", false],
    ["*.example:8443", "https://a.example", true],
    ["[2001:db8::1]:8443", "https://[2001:db8::1]:8443", false],
    ["[2001:db8::1]:8443", "https://[2001:db8::1]", true],
    ["10.1.2.3:8443", "https://10.1.2.3", true],
    ["10.1.2.3:443", "https://10.1.2.3", false],
    ["*, other.example", "https://a.example", false],
    // An entry that is nothing excludes nothing.
    ["10.0.0.0/", "https://192.168.1.1", true],
    ["10.0.0.0/", "https://10.0.0.0", true],
    ["10.0.0.0/ 8", "https://10.1.2.3", true],
    ["10.0.0.0/8/9", "https://10.1.2.3", true],
    ["10.0.0.0/99", "https://10.1.2.3", true],
    ["10.0.0.0/-1", "https://10.1.2.3", true],
    ["10.0.0.0/8.5", "https://10.1.2.3", true],
    ["10.0.0.0/8x", "https://10.1.2.3", true],
    ["10.0.0.0/8", "https://ten.example", true],
    ["", "https://a.example", true],
  ])("is excluded by NO_PROXY=%s for %s: %s", (excluded, target, isProxied) => {
    for (const name of ["NO_PROXY", "no_proxy"]) {
      setVariables({ HTTPS_PROXY: proxy, [name]: excluded });
      expect(findProxy(target, undefined) !== undefined).toBe(isProxied);
    }
  });

  test.each([
    "localhost",
    "localhost.",
    "acme.localhost",
    "acme.localhost.",
    "127.0.0.1",
    "127.1.2.3",
    "[::1]",
  ])("is ignored for %s, but the option proxy is not", (host) => {
    setVariables({ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy });
    expect(findProxy(`https://${host}:8443`, undefined)).toBe(undefined);
    expect(findProxy(`http://${host}:8080`, undefined)).toBe(undefined);
    expect(findProxy(`http://${host}:8080`, proxy)?.href).toBe(found);
  });

  test("is ignored with the option proxy", () => {
    setVariables({ HTTPS_PROXY: "http://other.example", NO_PROXY: "*" });
    expect(findProxy("https://a.example", proxy)?.href).toBe(found);
    expect(findProxy("https://a.example", false)).toBe(undefined);
  });
});

describe("a value that is not a proxy", () => {
  test.each<[string, RegExp]>([
    ["http://", /must be the URL of a proxy, e\.g\. "http:\/\/proxy\.example:3128"/],
    ["http://mary:s3same@proxy.example:port", /must be the URL of a proxy/],
    ["ftp://mary:s3same@proxy.example", /must be the URL of a proxy/],
    ["socks5://mary:s3same@proxy.example", /SOCKS proxies are not supported/],
    ["http://mary:s3same%@proxy.example", /not percent-encoded; write %25/],
    ["mary:s3same@proxy.example/with/a#slash@x:y", /must end after the host and port/],
    // The password has a slash, so the host seems to be mary.
    ["http://mary:12/s3same@proxy.example:3128", /must end after the host and port.*%2F for \//],
    ["http://proxy.example:3128/path", /must end after the host and port/],
    ["http://proxy.example:3128?s3same", /must end after the host and port/],
    ["unix:/run/proxy.sock", /must end after the host and port/],
  ])("%s is rejected when the client is created", (text, message) => {
    const create = (option?: string): void =>
      void createIdpClient({ baseUrl: "https://a.example", ...(option && { proxy: option }) });
    setVariables({ HTTPS_PROXY: text });
    const rejections = [() => create(), () => create(text)].map((each) => {
      try {
        each();
        return "";
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
        return String(error);
      }
    });
    for (const rejection of rejections.filter((each) => each !== "")) {
      expect(rejection).toMatch(message);
      expect(rejection).toMatch(/TypeError: (?:environment variable HTTPS_PROXY|option proxy): /);
      expect(rejection).not.toMatch(/s3same|mary/);
    }
    expect(rejections).not.toContain("");
  });

  test.each([null, true, 3128, {}, [], ""])("the option %j is rejected", (value) => {
    for (const create of [createIdpClient, createJsonTransport, createGrpcTransport]) {
      expect(() => create({ baseUrl: "https://a.example", proxy: value as string })).toThrow(
        /^option proxy: must be the URL of a proxy/,
      );
    }
  });
});

describe.each(wireNames)("a client for %s", (protocol) => {
  /** A proxy that refuses everything. */
  let refusing: Server;
  beforeAll(async () => {
    refusing = createServer((_, response) => response.writeHead(407).end()).on(
      "connect",
      (_request, socket) => socket.end("HTTP/1.1 407 No\r\n\r\n"),
    );
    refusing.listen(0, "127.0.0.1");
    await once(refusing, "listening");
  });
  afterAll(() => void refusing.close());

  const create = (
    auth: string | TokenSource,
    baseUrl: string,
  ): ReturnType<typeof createIdpClient> =>
    createIdpClient({ baseUrl, auth, protocol, allowInsecureAuth: true, retry: false });
  const login = clientCredentials({ clientId: "c", clientSecret: "s", allowInsecureAuth: true });

  test.each<[string, string | TokenSource, string]>([
    ["a fixed token", "a-fixed-token", "https://a.invalid"],
    ["a fixed token, for http:", "a-fixed-token", "http://a.invalid"],
    ["client credentials", login, "https://a.invalid"],
    ["client credentials, for http:", login, "http://a.invalid"],
  ])("reads the environment when it is created, with %s", async (_, auth, baseUrl) => {
    setVariables({ ALL_PROXY: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}` });
    await using proxied = create(auth, baseUrl);
    setVariables({});
    await using direct = create(auth, baseUrl);
    setVariables({ ALL_PROXY: "socks5://mary:s3same@proxy.example" });
    expect(await failureOf(proxied.management.listProviders({}))).toMatchObject({
      reason: "proxy",
      message: expect.stringContaining("HTTP 407") as string,
    });
    expect(await failureOf(direct.management.listProviders({}))).toMatchObject({
      reason: "unreachable",
    });
  });

  test("names an invalid variable for an issuer on another host", async () => {
    setVariables({});
    const issuer = "https://issuer.invalid";
    const auth = clientCredentials({ clientId: "c", clientSecret: "s", issuer });
    await using client = create(auth, "http://a.invalid");
    setVariables({ HTTPS_PROXY: "socks5://mary:s3same@proxy.example" });
    const error = await failureOf(client.management.listProviders({}));
    expect(error).toMatchObject({ outcome: "not_done" });
    expect(error.message).toMatch(/environment variable HTTPS_PROXY: SOCKS proxies/);
    expect(error.message).not.toMatch(/s3same|mary/);
  });
});
