import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createIdpClient, type IdpClientOptions } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { type ControlAnswer, sendControl } from "../support/send-control.js";

let emulator: Emulator;
let url: string;

beforeEach(async () => {
  emulator = createEmulator({ logSize: 3 });
  ({ url } = await emulator.listen({ control: true }));
});

afterEach(() => emulator.close());

const control = (method: string, path: string): Promise<ControlAnswer> =>
  sendControl(url, method, path);

async function addGoogle(options: Partial<IdpClientOptions> = {}): Promise<string> {
  await using client = createIdpClient({
    baseUrl: url,
    auth: emulator.token,
    retry: false,
    ...options,
  });
  const google = { name: "Google", clientId: "id", clientSecret: "s3cret-of-google" };
  return (await client.admin.addGoogleProvider(google)).id;
}

describe("an entry of the log", () => {
  test.each(["grpc", "grpc-web", "json"] as const)(
    "has the headers and the response of a call over %s, without secrets",
    async (protocol) => {
      const id = await addGoogle({ protocol, headers: { "x-api-key": "planted" } });
      const { body } = await control("GET", "/log/1");
      expect(body).toMatchObject({
        id: 1,
        rpc: "AddGoogleProvider",
        request: { name: "Google", clientSecret: "[redacted]" },
        response: { id },
      });
      const { headers, responseHeaders } = body as Record<string, [string, string][]>;
      expect(headers).toContainEqual(["authorization", "[redacted]"]);
      expect(headers).toContainEqual(["x-api-key", "[redacted]"]);
      expect(responseHeaders).toContainEqual(["cache-control", "no-store"]);
      for (const secret of ["s3cret", "planted", emulator.token]) {
        expect(JSON.stringify([body, await control("GET", "/log")])).not.toContain(secret);
      }
    },
  );

  test("has the error that was sent, also that of a fault, without tokens in it", async () => {
    const text = `{"message": "from a proxy, for ${emulator.token}"}`;
    emulator.inject({ times: 1, fault: { type: "http", status: 502, body: text } });
    await addGoogle({ protocol: "json" }).catch(() => undefined);
    expect(await control("GET", "/log/1")).toMatchObject({
      body: { status: 502, fault: "http", response: { message: "from a proxy, for [redacted]" } },
    });
  });

  test("has no body if the body may be a token", async () => {
    await fetch(`${url}/oauth/v2/token`, { method: "POST", body: new URLSearchParams() });
    const { body } = await control("GET", "/log/1");
    expect(body).toMatchObject({ path: "/oauth/v2/token", protocol: "other" });
    expect(body).not.toHaveProperty("response");
    expect(body).toHaveProperty("responseHeaders");
  });

  test("has only the size of a long response", async () => {
    emulator.inject({ fault: { type: "http", status: 502, body: "x".repeat(40_000) } });
    await addGoogle({ protocol: "json" }).catch(() => undefined);
    const { body } = await control("GET", "/log/1");
    expect(JSON.stringify(body).length).toBeLessThan(4000);
  });

  test("is removed with its number", async () => {
    for (let call = 1; call <= 4; call++) {
      await addGoogle();
    }
    expect(await control("GET", "/log?after=2")).toMatchObject({
      body: { requests: [{ id: 3 }, { id: 4 }], first: 2, last: 4 },
    });
    expect((await control("GET", "/log/1")).status).toBe(404);
    expect((await control("GET", "/log/2")).status).toBe(200);
    await control("DELETE", "/log");
    expect(await control("GET", "/log?after=2")).toMatchObject({
      body: { requests: [], first: 5, last: 4 },
    });
    expect((await control("GET", "/log/4")).status).toBe(404);
    expect((await control("GET", "/log?after=x")).status).toBe(400);
  });
});

describe("the wait for changes", () => {
  const readVersions = async (known: object = {}): Promise<Record<string, string>> => {
    const query = new URLSearchParams(known as Record<string, string>);
    return (await control("GET", `/changes?${query.toString()}`)).body as Record<string, string>;
  };

  test("ends with the next change, and names the part that changed", async () => {
    const before = await readVersions();
    const waiting = readVersions(before);
    const isFirst = await Promise.race([
      waiting.then(() => false),
      readVersions().then(() => true),
    ]);
    expect(isFirst).toBe(true);
    await addGoogle();
    const after = await waiting;
    expect(after).toMatchObject({ controls: before["controls"] });
    expect(after["requests"]).not.toBe(before["requests"]);
    expect((await readVersions())["state"]).not.toBe(before["state"]);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    [
      "a fault of the program",
      async () => emulator.inject({ fault: { type: "drop" } }),
      "controls",
    ],
    ["a reset by the program", async () => emulator.reset(), "state"],
    ["a snapshot", () => control("PUT", "/snapshots/a"), "controls"],
  ])("ends with %s", async (_, change, part) => {
    const before = await readVersions();
    const waiting = readVersions(before);
    await change();
    const after = await waiting;
    expect(after[part]).not.toBe(before[part]);
  });

  test("ends with the connection, so that the emulator can be closed", async () => {
    const waiting = readVersions(await readVersions()).catch((error: unknown) => error);
    await emulator.close();
    expect(await waiting).toBeInstanceOf(TypeError);
  });
});

test("a call of the page needs no token, is not logged, and gets neither faults nor lag", async () => {
  emulator.inject({ fault: { type: "drop" } });
  await sendControl(url, "PUT", "/lag", { ms: 600_000 });
  const { port } = new URL(url);
  await using client = createIdpClient({
    baseUrl: `http://127.0.0.1:${port}/_emulator/calls`,
    auth: "any",
    protocol: "grpc-web",
  });
  await client.admin.addGoogleProvider({ name: "Google", clientId: "id", clientSecret: "s" });
  const { result } = await client.admin.listProviders({});
  expect(result.map(({ name }) => name)).toEqual(["Google"]);
  expect(emulator.log).toEqual([]);
  await vi.waitFor(async () =>
    expect(await control("GET", "/providers")).toMatchObject({ body: { providers: [{}] } }),
  );
});
