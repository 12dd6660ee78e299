import { rootCertificates } from "node:tls";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClientOptions, isZitadelError, ZitadelError } from "zitadel-idp";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { auth as authenticate } from "../../src/policy/auth.js";
import { createManagementClient } from "../../src/services/management.js";
import { createAuthority, type KeyAndCertificate } from "../support/certificates.js";
import { encryptKey } from "../support/encrypt-key.js";
import { startOpensslServer } from "../support/openssl-server.js";
import { type TlsEmulator, startTlsEmulator } from "../support/tls-emulator.js";
import { wireNames } from "../support/wires.js";

const kinds = ["a fixed token", "a service account", "client credentials"];

let tlsEmulator: TlsEmulator;
/** The same with a server that wants client certificates. */
let mutual: TlsEmulator;
let client: KeyAndCertificate;
let other: KeyAndCertificate;
let stranger: KeyAndCertificate;

beforeAll(async () => {
  tlsEmulator = await startTlsEmulator({ domain: "localhost" });
  mutual = await startTlsEmulator({ domain: "localhost", needsClientCertificate: true });
  client = await mutual.authority.issue("client-of-acme");
  other = await mutual.authority.issue("other-client");
  stranger = await (await createAuthority("Another CA")).issue("stranger");
});

afterAll(async () => {
  await tlsEmulator[Symbol.asyncDispose]();
  await mutual[Symbol.asyncDispose]();
});

/** Lists the providers with a client of its own. Returns their number. */
async function list(server: TlsEmulator, options: Partial<IdpClientOptions>): Promise<number> {
  const zitadel = createIdpClient({
    baseUrl: server.secureUrl,
    auth: server.emulator.token,
    timeoutMs: 20_000,
    ...options,
  });
  try {
    return (await zitadel.management.listProviders({})).result.length;
  } finally {
    await zitadel.close();
  }
}

/** Adds a provider with a client of its own, and returns the error of the call. */
async function addingFails(
  server: TlsEmulator,
  options: Partial<IdpClientOptions>,
): Promise<ZitadelError> {
  const zitadel = createIdpClient({
    baseUrl: server.secureUrl,
    auth: server.emulator.token,
    retry: { maxAttempts: 3, initialPauseMs: 1 },
    timeoutMs: 20_000,
    ...options,
  });
  const before = server.emulator.log.length;
  try {
    await zitadel.management.addGoogleProvider({ clientId: "c", clientSecret: "s3cret" });
  } catch (error) {
    expect(server.emulator.log).toHaveLength(before);
    if (isZitadelError(error)) {
      return error;
    }
    throw error;
  } finally {
    await zitadel.close();
  }
  throw new Error("the call succeeded");
}

describe.each(wireNames)("%s", (protocol) => {
  test.each(kinds)("trusts the authority of the option tls.ca with %s", async (kind) => {
    const auth = tlsEmulator.credentials[kind]?.();
    const { ca } = tlsEmulator.authority;
    expect(await list(tlsEmulator, { protocol, auth, tls: { ca } })).toBe(0);
    expect(await list(tlsEmulator, { protocol, auth, tls: { ca: Buffer.from(ca) } })).toBe(0);
    expect(
      await list(tlsEmulator, { protocol, auth, tls: { ca: [...rootCertificates, ca] } }),
    ).toBe(0);
  });

  test.each(kinds)("sends the client certificate with %s", async (kind) => {
    const auth = mutual.credentials[kind]?.();
    const { ca } = mutual.authority;
    const before = mutual.tlsProxy.clients.length;
    expect(await list(mutual, { protocol, auth, tls: { ca, ...client } })).toBe(0);
    const seen = mutual.tlsProxy.clients.slice(before);
    expect(seen.length).toBeGreaterThanOrEqual(kind === "a fixed token" ? 1 : 2);
    expect(new Set(seen)).toEqual(new Set(["client-of-acme"]));
  });

  test("sends the certificate of each client, although the server is the same", async () => {
    const { ca } = mutual.authority;
    const before = mutual.tlsProxy.clients.length;
    await list(mutual, { protocol, tls: { ca, ...client } });
    await list(mutual, { protocol, tls: { ca, ...other } });
    expect(mutual.tlsProxy.clients.slice(before)).toEqual(["client-of-acme", "other-client"]);
  });

  test("keeps the certificates after a hundred requests", async () => {
    const zitadel = createIdpClient({
      baseUrl: mutual.secureUrl,
      auth: mutual.emulator.token,
      protocol,
      tls: { ca: mutual.authority.ca, ...client },
    });
    for (let batch = 0; batch < 3; batch++) {
      await Promise.all(Array.from({ length: 60 }, () => zitadel.management.listProviders({})));
    }
    await zitadel.close();
  });

  test("decrypts an encrypted key with the passphrase", async () => {
    const passphrase = "open s3same";
    const key = encryptKey(client.key, passphrase);
    const { ca } = mutual.authority;
    const tls = { ca, cert: client.cert, key, passphrase };
    expect(await list(mutual, { protocol, tls })).toBe(0);
  });

  test("expects the name of the option tls.serverName", async () => {
    const baseUrl = tlsEmulator.secureUrl.replace("localhost", "127.0.0.1");
    const { ca } = tlsEmulator.authority;
    const headers = { "x-zitadel-instance-host": "localhost" };
    const wrong = await addingFails(tlsEmulator, { protocol, baseUrl, headers, tls: { ca } });
    expect(wrong.hint).toMatch(/is for other names than 127\.0\.0\.1/);
    const tls = { ca, serverName: "localhost" };
    expect(await list(tlsEmulator, { protocol, baseUrl, headers, tls })).toBe(0);
  });

  test("accepts any certificate with tls.rejectUnauthorized and allowInsecureAuth", async () => {
    const tls = { rejectUnauthorized: false };
    expect(await list(tlsEmulator, { protocol, tls, allowInsecureAuth: true })).toBe(0);
  });

  test.each(kinds)("does not trust the server without tls.ca with %s", async (kind) => {
    const auth = tlsEmulator.credentials[kind]?.();
    for (const tls of [undefined, { ca: (await createAuthority()).ca }]) {
      const error = await addingFails(tlsEmulator, { protocol, auth, tls });
      expect(error).toMatchObject({ outcome: "not_done", attempts: 1 });
      expect(error.hint).toMatch(/pass (?:its CA|the certificate of its CA) as tls\.ca/);
    }
  });

  test.each<[string, () => Partial<KeyAndCertificate>]>([
    ["no certificate", () => ({})],
    ["a certificate of another authority", () => stranger],
  ])("fails as not done with %s, if the server wants one of its own", async (_, credentials) => {
    const { authority } = mutual;
    await using server = await startOpensslServer(await authority.issue("localhost"), authority.ca);
    const tls = { ca: authority.ca, ...credentials() };
    const baseUrl = `https://localhost:${server.port}`;
    const error = await addingFails(mutual, { protocol, baseUrl, tls });
    expect(error).toMatchObject({ outcome: "not_done", attempts: 1 });
    expect(error.hint).toMatch(/requires a client certificate.*tls\.cert and tls\.key/);
  });
});

test.each([
  ["json", createJsonTransport],
  ["grpc-web", createGrpcWebTransport],
  ["grpc", createGrpcTransport],
] as const)("the transport for %s alone takes the same option", async (_, create) => {
  const transport = create({
    baseUrl: mutual.secureUrl,
    tls: { ca: mutual.authority.ca, ...client },
    interceptors: [authenticate(mutual.emulator.token)],
  });
  expect((await createManagementClient(transport).listProviders({})).result).toEqual([]);
});

describe("the option tls is rejected", () => {
  const create = (options: Partial<IdpClientOptions>): void =>
    void createIdpClient({ baseUrl: "https://acme.test", ...options });

  test.each<[string, () => unknown, RegExp]>([
    ["if it is not an object", () => "ca.pem", /^option tls: must be an object/],
    [
      "with an unknown member",
      () => ({ servername: "a" }),
      /^option tls\.servername: .*serverName/,
    ],
    [
      "with a ca that is no text",
      () => ({ ca: 7 }),
      /^option tls\.ca: must be text or bytes in PEM/,
    ],
    ["with an empty list", () => ({ ca: [] }), /^option tls\.ca: must be text or bytes in PEM/],
    ["with the path of a ca", () => ({ ca: "/etc/s3cret.pem" }), /^option tls\.ca: .*BEGIN CERT/],
    ["with a key as ca", () => ({ ca: client.key }), /^option tls\.ca: .*pass that as tls\.key/],
    [
      "with a damaged ca",
      () => ({ ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" }),
      /^option tls\.ca: contains a certificate that this runtime cannot read/,
    ],
    [
      "with a cert without key",
      () => ({ cert: client.cert }),
      /^option tls\.cert: needs its private/,
    ],
    [
      "with a key without cert",
      () => ({ key: client.key }),
      /^option tls\.key: needs its certificate/,
    ],
    [
      "with a key of another cert",
      () => ({ cert: client.cert, key: other.key }),
      /^option tls\.key: is not the private key of the certificate in tls\.cert/,
    ],
    [
      "with a cert as key",
      () => ({ cert: client.cert, key: client.cert }),
      /^option tls\.key: must be a private key in PEM/,
    ],
    [
      "with an encrypted key without passphrase",
      () => ({ cert: client.cert, key: encryptKey(client.key, "x") }),
      /^option tls\.key: is encrypted; pass its passphrase as tls\.passphrase/,
    ],
    [
      "with a wrong passphrase",
      () => ({ cert: client.cert, key: encryptKey(client.key, "x"), passphrase: "wr0ng" }),
      /^option tls\.passphrase: does not decrypt tls\.key/,
    ],
    ["with a passphrase alone", () => ({ passphrase: "wr0ng" }), /^option tls\.passphrase: has no/],
    [
      "with an empty serverName",
      () => ({ serverName: "" }),
      /^option tls\.serverName: must be a host/,
    ],
    ["that is a list", () => [] as IdpClientOptions["tls"], /^option tls: must be an object/],
    ...["a b", "acme.example:443", "127.0.0.1", "::1", "[::1]", "user@acme.example", "a/b"].map(
      (serverName): [string, () => unknown, RegExp] => [
        `with the serverName ${serverName}`,
        () => ({ serverName }),
        /^option tls\.serverName: must be a host name without a port/,
      ],
    ),
    [
      "with a text as rejectUnauthorized",
      () => ({ rejectUnauthorized: "false" }),
      /^option tls\.rejectUnauthorized: must be true or false/,
    ],
    [
      "with rejectUnauthorized: false alone",
      () => ({ rejectUnauthorized: false }),
      /^option tls\.rejectUnauthorized: .*set allowInsecureAuth: true/,
    ],
  ])("%s", (_, tls, message) => {
    const given = tls() as IdpClientOptions["tls"];
    let thrown: unknown;
    try {
      create({ tls: given });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    expect((thrown as TypeError).message).toMatch(message);
    expect(inspect(thrown)).not.toMatch(/s3cret|wr0ng|MII|MIG/);
  });

  test.each(["proxy", "tls"] as const)("with the option fetch or transport: %s", (option) => {
    const value = { proxy: "http://proxy.example:3128", tls: { serverName: "a" } }[option];
    expect(() => create({ [option]: value, fetch, protocol: "json" })).toThrow(
      `option ${option}: has no effect with the option fetch`,
    );
    const transport = createJsonTransport({ baseUrl: "https://acme.test" });
    const options = { transport, [option]: value };
    expect(() => createIdpClient(options)).toThrow(
      `option ${option}: has no effect with the option transport`,
    );
    for (const createTransport of [createJsonTransport, createGrpcWebTransport]) {
      expect(() =>
        createTransport({ baseUrl: "https://acme.test", [option]: value, fetch }),
      ).toThrow(`option ${option}: has no effect with the option fetch`);
    }
  });
});
