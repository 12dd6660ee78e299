import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClientOptions } from "zitadel-idp";
import { createAuthority } from "../support/certificates.js";
import { failureOf } from "../support/failure.js";
import { type Http2Proxy, startHttp2Proxy } from "../support/http2-proxy.js";
import { type TlsEmulator, serverName, startTlsEmulator } from "../support/tls-emulator.js";
import { type Squid, startSquid } from "../support/squid.js";
import { startTlsProxy } from "../support/tls-proxy.js";
import { wireNames } from "../support/wires.js";

const kinds = ["a fixed token", "a service account", "client credentials"];

let tlsEmulator: TlsEmulator;
let http2Only: Http2Proxy;
let resetting: Server;
let squid: Squid;

beforeAll(async () => {
  tlsEmulator = await startTlsEmulator();
  http2Only = await startHttp2Proxy(
    `http://localhost:${tlsEmulator.plainPort}`,
    await tlsEmulator.authority.issue(serverName),
  );
  resetting = createServer((socket) =>
    socket.on("error", () => undefined).once("data", () => socket.resetAndDestroy()),
  );
  await new Promise<void>((resolve) => resetting.listen(0, "127.0.0.1", resolve));
  const connectPorts = [tlsEmulator.tlsProxy.port, http2Only.port, portOf(resetting)];
  squid = await startSquid({ hosts: [serverName], connectPorts });
});
afterAll(async () => {
  await squid[Symbol.asyncDispose]();
  await http2Only[Symbol.asyncDispose]();
  resetting.close();
  await tlsEmulator[Symbol.asyncDispose]();
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

const create = (options: Partial<IdpClientOptions>): ReturnType<typeof createIdpClient> =>
  createIdpClient({
    baseUrl: tlsEmulator.secureUrl,
    proxy: `http://localhost:${squid.port}`,
    tls: { ca: tlsEmulator.authority.ca },
    retry: { maxAttempts: 3, initialPauseMs: 1 },
    timeoutMs: 20_000,
    ...options,
  });

const google = { clientId: "c", clientSecret: "s3cret" };

describe.each(wireNames)("%s through a proxy", (protocol) => {
  describe.each(kinds)("with %s", (kind) => {
    test("reports a server whose certificate is not trusted", async () => {
      const tls = { ca: (await createAuthority()).ca };
      await using client = create({ protocol, auth: tlsEmulator.credentials[kind]?.(), tls });
      const error = await failureOf(client.management.addGoogleProvider(google));
      expect(error).toMatchObject({ outcome: "not_done", attempts: 1 });
      expect(error.hint).toMatch(/pass (?:its CA|the certificate of its CA) as tls\.ca/);
    });

    test("reports a server that resets the TLS handshake", async () => {
      const baseUrl = `https://${serverName}:${portOf(resetting)}`;
      await using client = create({ protocol, auth: tlsEmulator.credentials[kind]?.(), baseUrl });
      const error = await failureOf(client.management.addGoogleProvider(google));
      expect(error).toMatchObject({ outcome: "not_done", attempts: 3 });
    });

    test("works with a server whose ALPN knows h2 only", async () => {
      const baseUrl = `https://${serverName}:${http2Only.port}`;
      await using client = create({ protocol, auth: tlsEmulator.credentials[kind]?.(), baseUrl });
      const { id } = await client.management.addGoogleProvider(google);
      expect((await client.management.listProviders({})).result).toHaveLength(1);
      await client.management.deleteProvider({ id });
    });
  });
});

describe.each(wireNames)("%s names what is wrong with TLS to the proxy", (protocol) => {
  /** Returns the hint of a call through a proxy at a port of this machine. */
  const hintFor = async (proxy: string): Promise<string> => {
    const hints = new Set<string>();
    // JSON sends the second kind of request to the proxy itself, without CONNECT.
    for (const baseUrl of [tlsEmulator.secureUrl, tlsEmulator.plainUrl]) {
      await using client = create({
        protocol,
        auth: tlsEmulator.emulator.token,
        baseUrl,
        proxy,
        allowInsecureAuth: true,
        retry: false,
      });
      const error = await failureOf(client.management.addGoogleProvider(google));
      expect(error).toMatchObject({ outcome: "not_done", reason: "proxy" });
      hints.add(String(error.hint));
    }
    expect(hints.size).toBe(1);
    return [...hints].join();
  };

  test("a certificate for another name", async () => {
    const certificate = await tlsEmulator.authority.issue("proxy.example");
    await using front = await startTlsProxy(tlsEmulator.plainPort, certificate);
    expect(await hintFor(`https://localhost:${front.port}`)).toBe(
      `the certificate of the proxy localhost:${front.port} is for other names: use one of its names in the URL of the proxy`,
    );
  });

  test("a certificate that has expired", async () => {
    const certificate = await tlsEmulator.authority.issue(
      "localhost",
      new Date(Date.now() - 60_000),
    );
    await using front = await startTlsProxy(tlsEmulator.plainPort, certificate);
    expect(await hintFor(`https://localhost:${front.port}`)).toContain(
      `the certificate of the proxy localhost:${front.port} is not valid today`,
    );
  });

  test("a certificate of an unknown authority", async () => {
    const certificate = await (await createAuthority()).issue("localhost");
    await using front = await startTlsProxy(tlsEmulator.plainPort, certificate);
    expect(await hintFor(`https://localhost:${front.port}`)).toContain("pass its CA as tls.ca");
  });

  test("no TLS at all", async () => {
    expect(await hintFor(`https://localhost:${squid.port}`)).toContain(
      `the proxy localhost:${squid.port} does not accept TLS: write http:// instead of https://`,
    );
  });
});
