import * as http from "node:http";
import * as http2 from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { createGrpcTransport as createForeignTransport } from "@connectrpc/connect-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient, type IdpClientOptions } from "zitadel-idp";
import { clientCredentials, serviceAccount, type TokenSource } from "zitadel-idp/auth";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { auth as authInterceptor } from "zitadel-idp/policy";
import { createGrpcTransport } from "zitadel-idp/transport/grpc";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { createJsonTransport } from "zitadel-idp/transport/json";
import { createAuthority } from "../support/certificates.js";
import { failureOf } from "../support/failure.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { type Squid, startSquid } from "../support/squid.js";
import { startTlsProxy } from "../support/tls-proxy.js";
import { wireNames } from "../support/wires.js";
import { discovery, discoveryPath, startTokenServer, tokenPath } from "./token-server.js";

const keyPair = createKeyPair();
const keyFile = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: keyPair.privatePkcs1,
  userId: "200000000000000001",
} as const;
const client = { clientId: "ci", clientSecret: "s3cret" };
const instanceHost = "acme.example";
const token = "a-fixed-token";

const credentials: Record<string, () => string | TokenSource> = {
  "a fixed token": () => token,
  "a service account key": () => serviceAccount(keyFile),
  "client credentials": () => clientCredentials(client),
};

function startInstance(domain: string): Emulator {
  return createEmulator({
    seed: {
      instance: { domain },
      organizations: [{ name: "org" }],
      serviceUsers: [
        {
          id: keyFile.userId,
          name: client.clientId,
          organization: "org",
          token,
          clientSecret: client.clientSecret,
          keys: [{ id: keyFile.keyId, publicKey: keyPair.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
}

let emulator: Emulator;
let listener: Listener;
let baseUrl: string;
beforeAll(async () => {
  emulator = startInstance(instanceHost);
  listener = await emulator.listen();
  // The instance has a name that leads nowhere: only this address reaches it.
  baseUrl = `http://127.0.0.1:${listener.port}`;
});
afterAll(() => emulator.close());
afterEach(() => emulator.reset());

function connect(options: Partial<IdpClientOptions>): IdpClient {
  return createIdpClient({ baseUrl, instanceHost, retry: false, ...options });
}

describe.each(wireNames)("over %s", (protocol) => {
  test.each(Object.entries(credentials))(
    "%s reaches an instance whose address differs from its name",
    async (_, createAuth) => {
      await using zitadel = connect({ protocol, auth: createAuth() });
      const { result } = await zitadel.management.listProviders({});
      expect(result).toEqual([]);
    },
  );

  test.each(Object.entries(credentials).slice(1))(
    "%s reaches it through the interceptor `auth` too",
    async (_, createAuth) => {
      const create = {
        json: createJsonTransport,
        grpc: createGrpcTransport,
        "grpc-web": createGrpcWebTransport,
      }[protocol];
      const interceptors = [authInterceptor(createAuth(), { baseUrl, instanceHost })];
      const management = createManagementClient(create({ baseUrl, interceptors }));
      expect((await management.listProviders({})).result).toEqual([]);
    },
  );

  test("a name with a port belongs to the issuer with that port", async () => {
    const named = `${instanceHost}:8080`;
    await using zitadel = connect({
      protocol,
      instanceHost: named,
      auth: serviceAccount(keyFile),
    });
    await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
  });

  test("without the option, the hint names it", async () => {
    await using zitadel = connect({ protocol, instanceHost: undefined, auth: token });
    const error = await failureOf(zitadel.management.listProviders({}));
    expect(error).toMatchObject({ code: Code.NotFound, reason: "unknown-instance" });
    expect(error.hint).toMatch(/put acme\.example into baseUrl, or into instanceHost/);
  });

  test("with a wrong name, the hint names that mistake and not a proxy", async () => {
    await using zitadel = connect({ protocol, instanceHost: "other.example", auth: token });
    const error = await failureOf(zitadel.management.listProviders({}));
    expect(error.hint).toMatch(
      /no ZITADEL instance has the host name other\.example \(no provider is missing\): put acme\.example into instanceHost/,
    );
    expect(error.hint).not.toContain("proxy");
  });

  test("the headers of a call may name another instance", async () => {
    await using zitadel = connect({ protocol, instanceHost: "other.example", auth: token });
    const call = zitadel.management.listProviders({}, { headers: { host: instanceHost } });
    await expect(call).resolves.toBeDefined();
  });
});

describe("where `Host` cannot be set", () => {
  test.each(["json", "grpc-web"] as const)("over %s with the option fetch", async (protocol) => {
    for (const createAuth of Object.values(credentials)) {
      await using zitadel = connect({ protocol, auth: createAuth(), fetch: globalThis.fetch });
      await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
    }
  });

  test("over a transport of connect-node", async () => {
    for (const createAuth of Object.values(credentials)) {
      const transport = createForeignTransport({ baseUrl });
      await using zitadel = createIdpClient({
        transport,
        baseUrl,
        instanceHost,
        auth: createAuth(),
        retry: false,
      });
      await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
    }
  });

  test.each(Object.entries(credentials).slice(1))(
    "%s gives a token outside of a client",
    async (_, createAuth) => {
      const source = createAuth() as TokenSource;
      const { signal } = new AbortController();
      const got = await source.token({ baseUrl, instanceHost, signal });
      await using zitadel = connect({ auth: got });
      await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
    },
  );
});

/** Listens and returns the base URL. */
async function listenOn(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("the headers on the wire", () => {
  test.each(["json", "grpc-web"] as const)("contain the name as Host over %s", async (protocol) => {
    const seen: http.IncomingHttpHeaders[] = [];
    const server = http.createServer(({ headers }, response) => {
      seen.push(headers);
      response.writeHead(503).end();
    });
    const url = await listenOn(server);
    await using zitadel = connect({ baseUrl: url, protocol, auth: token });
    await failureOf(zitadel.management.listProviders({}));
    await using other = connect({ baseUrl: url, protocol, auth: serviceAccount(keyFile) });
    await failureOf(other.management.listProviders({}));
    server.close();
    expect(seen.map(({ host }) => host)).toEqual([instanceHost, instanceHost]);
    expect(seen.map((headers) => headers["x-zitadel-instance-host"])).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("contain the name as :authority over grpc", async () => {
    const seen: http2.IncomingHttpHeaders[] = [];
    const server = http2.createServer().on("stream", (stream, headers) => {
      seen.push(headers);
      stream.respond({ ":status": 503 });
      stream.end();
    });
    const url = await listenOn(server);
    await using zitadel = connect({ baseUrl: url, protocol: "grpc", auth: token });
    await failureOf(zitadel.management.listProviders({}));
    await zitadel.close();
    server.close();
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ ":authority": instanceHost });
    expect(Object.keys(seen[0] ?? {})).not.toContain("host");
  });

  test("contain the name as x-zitadel-instance-host with the option fetch", async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const server = http.createServer(({ headers }, response) => {
      seen.push(headers);
      response.writeHead(503).end();
    });
    const url = await listenOn(server);
    const options = { baseUrl: url, protocol: "json", fetch: globalThis.fetch } as const;
    await using zitadel = connect({ ...options, auth: token });
    await failureOf(zitadel.management.listProviders({}));
    await using other = connect({ ...options, auth: serviceAccount(keyFile) });
    await failureOf(other.management.listProviders({}));
    server.close();
    expect(seen.map((headers) => headers["x-zitadel-instance-host"])).toEqual([
      instanceHost,
      instanceHost,
    ]);
  });
});

describe("over TLS", () => {
  test.each(wireNames)(
    "the certificate belongs to the host of the base URL, over %s",
    async (protocol) => {
      const authority = await createAuthority();
      await using front = await startTlsProxy(listener.port, await authority.issue("localhost"));
      await using zitadel = connect({
        baseUrl: `https://localhost:${front.port}`,
        tls: { ca: authority.ca },
        protocol,
        auth: serviceAccount(keyFile),
      });
      // More than a hundred requests, after which another HTTP library sends them.
      for (let batch = 0; batch < 6; batch++) {
        const calls = Array.from({ length: 25 }, () => zitadel.management.listProviders({}));
        await Promise.all(calls);
      }
      expect(front.connections).toBeGreaterThan(0);
    },
  );

  test.each(wireNames)("or to tls.serverName, over %s", async (protocol) => {
    const authority = await createAuthority();
    await using front = await startTlsProxy(listener.port, await authority.issue(instanceHost));
    const options = {
      baseUrl: `https://localhost:${front.port}`,
      protocol,
      auth: serviceAccount(keyFile),
    };
    await using refused = connect({ ...options, tls: { ca: authority.ca } });
    const error = await failureOf(refused.management.listProviders({}));
    expect(error).toMatchObject({ outcome: "not_done" });
    await using zitadel = connect({
      ...options,
      tls: { ca: authority.ca, serverName: instanceHost },
    });
    await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
  });
});

describe("through a forward proxy", () => {
  let squid: Squid;
  beforeAll(async () => {
    squid = await startSquid({ hosts: ["zitadel.test"], connectPorts: [listener.port] });
  });
  afterAll(() => squid[Symbol.asyncDispose]());

  // A proxy replaces the Host header of a request for an http: URL with the host of the URL.
  describe.each(wireNames)("over %s", (protocol) => {
    test.each(Object.entries(credentials))("%s reaches the instance", async (_, createAuth) => {
      await using zitadel = connect({
        baseUrl: `http://zitadel.test:${listener.port}`,
        proxy: `http://localhost:${squid.port}`,
        allowInsecureAuth: true,
        protocol,
        auth: createAuth(),
      });
      await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
    });
  });
});

describe("the issuer", () => {
  const { signal } = new AbortController();

  test.each(["https", "http"])("may be the name with %s:", async (scheme) => {
    const issuer = `${scheme}://${instanceHost}`;
    await using server = await startTokenServer(({ path }) =>
      path === discoveryPath
        ? discovery(issuer)
        : { body: { access_token: "t", token_type: "Bearer", expires_in: 60 } },
    );
    const source = serviceAccount(keyFile);
    await source.token({ baseUrl: server.url, instanceHost, signal });
    // Both requests arrived here, at the base URL. The assertion is for the public name.
    const [, tokenRequest] = server.requests;
    expect(server.requests.map(({ path }) => path)).toEqual([discoveryPath, tokenPath]);
    const [, claims = ""] = tokenRequest?.form.get("assertion")?.split(".") ?? [];
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({ aud: issuer });
  });

  test.each([
    "https://other.example",
    "https://acme.example:8443",
    "https://acme.example/path",
    "ftp://acme.example",
    "https://user@acme.example",
    "not a URL",
  ])("may not be %s", async (issuer) => {
    await using server = await startTokenServer(({ path }) =>
      path === discoveryPath ? discovery(issuer) : undefined,
    );
    const source = clientCredentials(client);
    await expect(source.token({ baseUrl: server.url, instanceHost, signal })).rejects.toMatchObject(
      {
        code: Code.FailedPrecondition,
        message: expect.stringContaining(
          "and not https://acme.example or http://acme.example",
        ) as string,
      },
    );
    expect(server.requests).toHaveLength(1);
  });

  test("may not name a token endpoint elsewhere", async () => {
    await using server = await startTokenServer(({ path }) =>
      path === discoveryPath
        ? {
            body: {
              ...(discovery(`https://${instanceHost}`).body as object),
              token_endpoint: "https://other.example/oauth/v2/token",
            },
          }
        : undefined,
    );
    await expect(
      clientCredentials(client).token({ baseUrl: server.url, instanceHost, signal }),
    ).rejects.toThrow("names a token endpoint elsewhere, at https://other.example");
    expect(server.requests).toHaveLength(1);
  });

  test("set by an option gets requests at its own address, with its own host name", async () => {
    await using server = await startTokenServer(({ path }) =>
      path === tokenPath
        ? { body: { access_token: token, token_type: "Bearer", expires_in: 60 } }
        : undefined,
    );
    await using zitadel = connect({ auth: clientCredentials({ ...client, issuer: server.url }) });
    await expect(zitadel.management.listProviders({})).resolves.toBeDefined();
    expect(server.requests).toHaveLength(2);
    for (const { headers } of server.requests) {
      expect(headers["x-zitadel-instance-host"]).toBeUndefined();
      expect(headers["host"]).toBe(new URL(server.url).host);
    }
  });

  test("is required with a token endpoint", async () => {
    const options = { ...client, tokenEndpoint: `${baseUrl}${tokenPath}` };
    await using zitadel = connect({ auth: clientCredentials(options) });
    const error = await failureOf(zitadel.management.listProviders({}));
    expect(error).toMatchObject({ code: Code.FailedPrecondition, outcome: "not_done" });
    expect(error.message).toContain('issuer: "https://acme.example"');
    const issuer = `http://${instanceHost}`;
    // The option `issuer` is an address to which credentials could go, so it has to be allowed for itself.
    const auth = clientCredentials({ ...options, issuer, allowInsecureAuth: true });
    await using better = connect({ auth });
    await expect(better.management.listProviders({})).resolves.toBeDefined();
  });
});

test("a token source that two instances at one address share has one token for each instance", async () => {
  const source = clientCredentials(client);
  const { signal } = new AbortController();
  const names = ["a.example", "b.example"];
  await using server = await startTokenServer(({ path, headers }) => {
    const name = String(headers.host);
    return path === discoveryPath
      ? discovery(`https://${name}`)
      : { body: { access_token: `of-${name}`, token_type: "Bearer", expires_in: 60 } };
  });
  const request = { baseUrl: server.url, signal };
  const got = await Promise.all(
    names.map((name) => source.token({ ...request, instanceHost: name })),
  );
  expect(got).toEqual(["of-a.example", "of-b.example"]);
});

test("the token goes only to the base URL, which needs allowInsecureAuth", () => {
  expect(() => connect({ baseUrl: "http://zitadel:8080", auth: token })).toThrow(
    "option auth: would be sent unencrypted to zitadel:8080",
  );
  connect({ baseUrl: "http://zitadel:8080", auth: token, allowInsecureAuth: true });
});

describe("the option", () => {
  test.each([
    "https://acme.example",
    "acme.example/path",
    "user@acme.example",
    "acme.example?x",
    "acme.example#x",
    "acme example",
    "acme.example:port",
    "acme.example:99999",
    "",
    "a\\b",
    "a\r\nb: c",
    null,
    5,
    ["acme.example"],
  ])("rejects %j", (given) => {
    const value = given as string;
    expect(() => connect({ instanceHost: value })).toThrow(
      "option instanceHost: must be a host name",
    );
    const options = { baseUrl, instanceHost: value };
    expect(() => authInterceptor(token, options)).toThrow("option instanceHost: must be");
  });

  test.each([
    ["ACME.example", "acme.example"],
    ["acme.example:443", "acme.example"],
    ["acme.example:80", "acme.example:80"],
    ["[::1]:8080", "[::1]:8080"],
    ["münchen.example", "xn--mnchen-3ya.example"],
  ])("accepts %s and sends %s", async (value, sent) => {
    const seen: (string | undefined)[] = [];
    const server = http.createServer(({ headers }, response) => {
      seen.push(headers.host);
      response.writeHead(503).end();
    });
    const url = await listenOn(server);
    await using zitadel = connect({ baseUrl: url, instanceHost: value, protocol: "json" });
    await failureOf(zitadel.management.listProviders({}));
    server.close();
    expect(seen).toEqual([sent]);
  });

  test.each(["host", "x-zitadel-instance-host"])(
    "is rejected together with the header %s",
    (name) => {
      expect(() => connect({ headers: { [name]: "other.example" } })).toThrow(
        `option headers: must not contain ${name}; use the option instanceHost`,
      );
      createIdpClient({ baseUrl, headers: { [name]: "other.example" } });
    },
  );
});
