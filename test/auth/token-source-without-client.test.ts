import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import {
  clientCredentials,
  serviceAccount,
  type TokenEndpointOptions,
  type TokenSource,
} from "zitadel-idp/auth";
import { createTokenFetch as createEdgeTokenFetch } from "../../src/runtime/edge.js";
import { createAuthority } from "../support/certificates.js";
import { startHttp2Proxy } from "../support/http2-proxy.js";
import {
  keyOfCaller,
  type TlsEmulator,
  serverName,
  startTlsEmulator,
} from "../support/tls-emulator.js";
import { type Squid, startSquid } from "../support/squid.js";

const user = { name: "mary", password: "s3cret-of-mary" };
const { signal } = new AbortController();

let tlsEmulator: TlsEmulator;
let squid: Squid;
beforeAll(async () => {
  tlsEmulator = await startTlsEmulator({ needsClientCertificate: true });
  squid = await startSquid({
    hosts: [serverName],
    connectPorts: [tlsEmulator.tlsProxy.port, tlsEmulator.plainPort],
    user,
  });
});
afterAll(async () => {
  await squid[Symbol.asyncDispose]();
  await tlsEmulator[Symbol.asyncDispose]();
});

const names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
afterEach(() => {
  for (const name of names) {
    delete process.env[name];
  }
  Object.assign(
    process.env,
    Object.fromEntries(Object.entries(before).filter(([, value]) => value !== undefined)),
  );
});

const credentials = { clientId: "caller", clientSecret: "secret-of-the-client" };

/** Each kind of token source. */
const kinds: Readonly<Record<string, (options: TokenEndpointOptions) => TokenSource>> = {
  serviceAccount: (options) => serviceAccount(keyOfCaller, options),
  clientCredentials: (options) => clientCredentials({ ...credentials, ...options }),
};

const proxyUrl = (): string => `http://mary:${user.password}@localhost:${squid.port}`;

/** Returns the options for mutual TLS with the private authority. */
async function mutualTls(): Promise<NonNullable<TokenEndpointOptions["tls"]>> {
  return { ca: tlsEmulator.authority.ca, ...(await tlsEmulator.authority.issue("caller")) };
}

describe.each(Object.entries(kinds))("%s without a client", (_, create) => {
  test.each([
    ["the option proxy", () => ({ proxy: proxyUrl() })],
    ["HTTPS_PROXY", () => void (process.env["HTTPS_PROXY"] = proxyUrl())],
  ])("gets a token through the proxy of %s, with its own certificates", async (_name, setProxy) => {
    const source = create({ ...setProxy(), tls: await mutualTls() });
    // Only the proxy can resolve the name.
    expect(await source.token({ baseUrl: tlsEmulator.secureUrl, signal })).toMatch(/^[\w.-]+$/);
  });

  test("ignores HTTPS_PROXY with proxy: false", async () => {
    process.env["HTTPS_PROXY"] = proxyUrl();
    const source = create({ proxy: false, tls: await mutualTls() });
    await expect(source.token({ baseUrl: tlsEmulator.secureUrl, signal })).rejects.toMatchObject({
      code: Code.Unavailable,
      outcome: "not_done",
      message: expect.stringContaining("ENOTFOUND") as string,
    });
  });

  test("reports a proxy that rejects the request, without the credentials of the proxy", async () => {
    const proxy = `http://mary:wrong-s3cret@localhost:${squid.port}`;
    const source = create({ proxy, tls: await mutualTls() });
    const error = await source.token({ baseUrl: tlsEmulator.secureUrl, signal }).catch(String);
    expect(error).toContain(`the proxy localhost:${squid.port} answered HTTP 407`);
    expect(error).not.toMatch(/wrong-s3cret|mary/);
  });

  test("gets a token from a server that supports HTTP/2 only", async () => {
    const authority = await createAuthority();
    await using front = await startHttp2Proxy(
      `http://127.0.0.1:${tlsEmulator.plainPort}`,
      await authority.issue("localhost"),
    );
    const source = create({
      tls: { ca: authority.ca },
      instanceHost: `${serverName}:${tlsEmulator.plainPort}`,
    });
    expect(await source.token({ baseUrl: `https://localhost:${front.port}`, signal })).toMatch(/./);
    expect(front.requests).toHaveLength(2);
  });

  test("names the instance as Host at another address", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers);
      response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
    const ofRequest = { baseUrl, instanceHost: "of-the-request.example", signal };
    await create({})
      .token(ofRequest)
      .catch(() => undefined);
    await create({ instanceHost: "of-the-source.example" })
      .token({ baseUrl, signal })
      .catch(() => undefined);
    server.close();
    expect(seen.map(({ host }) => host)).toEqual([
      "of-the-request.example",
      "of-the-source.example",
    ]);
  });

  test("does not send credentials through a proxy without TLS unless that is allowed", async () => {
    const baseUrl = "http://localhost:1";
    await expect(create({ proxy: proxyUrl() }).token({ baseUrl, signal })).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      message: expect.stringContaining(
        "would receive credentials unencrypted through the proxy",
      ) as string,
    });
  });

  test("keeps a response below the limit of the request", async () => {
    const request = {
      baseUrl: tlsEmulator.plainUrl,
      instanceHost: serverName,
      signal,
      maxResponseBytes: 10,
    };
    const source = create({ allowInsecureAuth: true, proxy: proxyUrl() });
    await expect(source.token(request)).rejects.toMatchObject({
      code: Code.ResourceExhausted,
      message: expect.stringContaining("longer than the limit of 10 bytes") as string,
    });
  });

  test.each<[string, TokenEndpointOptions]>([
    ["option proxy: SOCKS proxies are not supported", { proxy: "socks5://proxy.example" }],
    ["option tls.ca: must be certificates in PEM", { tls: { ca: "no PEM" } }],
    ["option tls.rejectUnauthorized: false allows anyone", { tls: { rejectUnauthorized: false } }],
    ["option instanceHost: must be a host name", { instanceHost: "https://acme.example" }],
  ])("throws %s", (message, options) => {
    expect(() => create(options)).toThrow(message);
  });

  test("accepts any certificate with rejectUnauthorized: false and allowInsecureAuth", async () => {
    const { cert, key } = await tlsEmulator.authority.issue("caller");
    const tls = { cert, key, rejectUnauthorized: false };
    const source = create({ proxy: proxyUrl(), tls, allowInsecureAuth: true });
    expect(await source.token({ baseUrl: tlsEmulator.secureUrl, signal })).toMatch(/./);
  });

  test("uses its own proxy and certificates within a client too", async () => {
    const auth = create({
      proxy: proxyUrl(),
      tls: await mutualTls(),
      issuer: tlsEmulator.secureUrl,
    });
    await using client = createIdpClient({
      baseUrl: `http://localhost:${tlsEmulator.plainPort}`,
      instanceHost: `${serverName}:${tlsEmulator.plainPort}`,
      auth,
      proxy: false,
    });
    expect((await client.management.listProviders({})).result).toEqual([]);
  });
});

test.each(["proxy", "tls"])("without sockets, the option %s is rejected by name", (option) => {
  expect(() => createEdgeTokenFetch({ [option]: {}, readMaxBytes: 1 })).toThrow(
    `option ${option}: is not available in this runtime; leave it out`,
  );
  expect(createEdgeTokenFetch({ readMaxBytes: 1 })).toBe(undefined);
});
