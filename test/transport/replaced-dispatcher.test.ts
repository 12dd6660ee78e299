import { type Dispatcher, EnvHttpProxyAgent, MockAgent, ProxyAgent } from "undici";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { type RecordingProxy, startRecordingProxy } from "../support/recording-proxy.js";

const symbol = Symbol.for("undici.globalDispatcher.1");
const globals = globalThis as unknown as Record<symbol, Dispatcher | undefined>;

let emulator: Emulator;
let url: string;
let proxy: RecordingProxy;
const before = globals[symbol];

beforeAll(async () => {
  emulator = createEmulator();
  ({ url } = await emulator.listen());
  proxy = await startRecordingProxy((_, response) => response.writeHead(418).end());
});

afterEach(() => {
  globals[symbol] = before;
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await emulator.close();
});

describe.each(["json", "grpc-web"] as const)("%s", (protocol) => {
  test.each<[string, (uri: string) => Dispatcher]>([
    ["ProxyAgent", (uri) => new ProxyAgent({ uri, proxyTunnel: false })],
    ["EnvHttpProxyAgent", (uri) => new EnvHttpProxyAgent({ httpProxy: uri, noProxy: "" })],
  ])("a request to this machine does not go to the %s under fetch", async (_, create) => {
    globals[symbol] = create(`http://127.0.0.1:${proxy.port}`);
    const seen = proxy.seen.length;
    const client = createIdpClient({ baseUrl: url, auth: emulator.token, protocol });
    expect((await client.management.listProviders({})).result).toEqual([]);
    await client.close();
    expect(proxy.seen).toHaveLength(seen);
  });

  test("another request goes to the dispatcher under fetch", async () => {
    globals[symbol] = new ProxyAgent({
      uri: `http://127.0.0.1:${proxy.port}`,
      proxyTunnel: false,
    });
    const seen = proxy.seen.length;
    const baseUrl = "http://zitadel.test";
    const client = createIdpClient({ baseUrl, protocol, retry: false });
    await client.management.listProviders({}).catch(() => undefined);
    await client.close();
    expect(proxy.seen.length).toBeGreaterThan(seen);
  });

  test("a MockAgent under fetch gets requests to this machine", async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    globals[symbol] = agent;
    const client = createIdpClient({ baseUrl: url, auth: emulator.token, protocol, retry: false });
    const requests = emulator.log.length;
    await expect(client.management.listProviders({})).rejects.toMatchObject({ code: 14 });
    await client.close();
    expect(emulator.log).toHaveLength(requests);
  });
});
