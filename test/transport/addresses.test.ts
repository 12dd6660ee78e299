import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent, type RequestInit as UndiciInit, fetch as undiciFetch } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { type Http2Proxy, startHttp2Proxy } from "../support/http2-proxy.js";
import { type TlsEmulator, serverName, startTlsEmulator } from "../support/tls-emulator.js";
import { wireNames } from "../support/wires.js";

describe.each(wireNames)("an IPv6 address as baseUrl, over %s", (protocol) => {
  let tlsEmulator: TlsEmulator;
  let url: string;
  let forwarder: Server;

  beforeAll(async () => {
    tlsEmulator = await startTlsEmulator({ domain: "[::1]" });
    forwarder = await forward(tlsEmulator.plainPort, { host: "::1", port: 0 });
    url = `http://[::1]:${(forwarder.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    forwarder.close();
    await tlsEmulator[Symbol.asyncDispose]();
  });

  test.each(["a fixed token", "a service account", "client credentials"])(
    "works with %s",
    async (kind) => {
      const client = createIdpClient({
        baseUrl: url,
        auth: tlsEmulator.credentials[kind]?.(),
        protocol,
        timeoutMs: 20_000,
      });
      expect((await client.management.listProviders({})).result).toEqual([]);
      await client.close();
    },
  );
});

describe.each(wireNames)("an IPv6 address as baseUrl with instanceHost, over %s", (protocol) => {
  let tlsEmulator: TlsEmulator;
  let front: Http2Proxy;
  beforeAll(async () => {
    tlsEmulator = await startTlsEmulator();
    front = await startHttp2Proxy(`http://localhost:${tlsEmulator.plainPort}`);
  });
  afterAll(async () => {
    await front[Symbol.asyncDispose]();
    await tlsEmulator[Symbol.asyncDispose]();
  });

  test.each(["a fixed token", "client credentials"])(
    "works with %s, with and without HTTP/1",
    async (kind) => {
      for (const port of [tlsEmulator.plainPort, front.port]) {
        const forwarder = await forward(port, { host: "::1", port: 0 });
        await using client = createIdpClient({
          baseUrl: `http://[::1]:${(forwarder.address() as AddressInfo).port}`,
          instanceHost: serverName,
          auth: tlsEmulator.credentials[kind]?.(),
          protocol,
          timeoutMs: 20_000,
        });
        expect((await client.management.listProviders({})).result).toEqual([]);
        forwarder.close();
      }
      expect(new Set(front.requests.map((each) => each.split(" ")[2]))).toEqual(
        new Set([serverName]),
      );
    },
  );

  test("keeps its brackets in :authority without instanceHost", async () => {
    const before = front.requests.length;
    const forwarder = await forward(front.port, { host: "::1", port: 0 });
    const host = `[::1]:${(forwarder.address() as AddressInfo).port}`;
    await using client = createIdpClient({
      baseUrl: `http://${host}`,
      auth: "a-fixed-token",
      protocol,
      retry: false,
    });
    await client.management.listProviders({}).catch(() => undefined);
    forwarder.close();
    expect(front.requests.slice(before).map((each) => each.split(" ")[2])).toEqual([host]);
  });
});

describe("a Unix socket", () => {
  const folder = mkdtempSync(join(tmpdir(), "socket-"));
  const path = join(folder, "zitadel.sock");
  let tlsEmulator: TlsEmulator;
  let forwarder: Server;

  beforeAll(async () => {
    tlsEmulator = await startTlsEmulator();
    forwarder = await forward(tlsEmulator.plainPort, { path });
  });
  afterAll(async () => {
    forwarder.close();
    await tlsEmulator[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([`unix:${path}`, `unix://${path}`, `http+unix://${encodeURIComponent(path)}`])(
    "is rejected as baseUrl: %s",
    (baseUrl) => {
      expect(() => createIdpClient({ baseUrl })).toThrow(
        /^option baseUrl: must begin with https:.*; for a Unix socket, keep the http:\/\/ URL and pass a fetch that connects to it$/,
      );
    },
  );

  test.each(["json", "grpc-web"] as const)("is reached over %s by a fetch", async (protocol) => {
    const dispatcher = new Agent({ connect: { socketPath: path } });
    const client = createIdpClient({
      baseUrl: `http://${serverName}`,
      auth: tlsEmulator.credentials["client credentials"]?.(),
      protocol,
      allowInsecureAuth: true,
      fetch: ((url: string, init: UndiciInit) =>
        undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch,
    });
    expect((await client.management.listProviders({})).result).toEqual([]);
    await client.close();
    await dispatcher.close();
  });

  test("is reached over grpc by the transport", async () => {
    const transport = createGrpcTransport({
      baseUrl: `http://${serverName}`,
      nodeOptions: { createConnection: () => connect(path) },
    });
    const auth = tlsEmulator.emulator.token;
    const client = createIdpClient({ transport, auth });
    expect((await client.management.listProviders({})).result).toEqual([]);
    await client.close();
  });
});

test.each(["proxy", "tls"] as const)(
  "%s is rejected together with another connection",
  (option) => {
    const baseUrl = `http://${serverName}`;
    const value = { proxy: "http://proxy.example:3128", tls: { serverName: "a" } }[option];
    const nodeOptions = { createConnection: () => connect("/nowhere") };
    expect(() => createGrpcTransport({ baseUrl, nodeOptions, [option]: value })).toThrow(
      `option ${option}: has no effect with nodeOptions.createConnection`,
    );
  },
);

/** Starts a server that forwards connections to a port of this machine. */
async function forward(
  port: number,
  listenOptions: { host: string; port: number } | { path: string },
): Promise<Server> {
  const server = createServer((socket) => {
    const upstream = connect(port, "127.0.0.1");
    socket.on("error", () => upstream.destroy()).pipe(upstream);
    upstream.on("error", () => socket.destroy()).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(listenOptions, resolve));
  return server;
}
