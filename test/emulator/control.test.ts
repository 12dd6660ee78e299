import { request as httpRequest } from "node:http";
import { connect } from "node:http2";
import { once } from "node:events";
import { Code } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { isLocalSocket } from "../../src/emulator/http/is-local-socket.js";
import { type ControlAnswer, sendControl } from "../support/send-control.js";

let emulator: Emulator;
let client: IdpClient;
let url: string;
let port: number;

beforeEach(async () => {
  emulator = createEmulator();
  ({ url, port } = await emulator.listen({ host: "0.0.0.0", control: true }));
  client = createIdpClient({ baseUrl: url, auth: emulator.token, protocol: "json", retry: false });
});

afterEach(async () => {
  await client.close();
  await emulator.close();
});

const control = (method: string, path: string, body?: unknown): Promise<ControlAnswer> =>
  sendControl(url, method, path, body);

async function listNames(): Promise<string[]> {
  const { result } = await client.management.listProviders({});
  return result.map(({ name }) => name);
}

const google = { name: "Google", clientId: "id", clientSecret: "s3cret-of-google" };

describe("the control API", () => {
  test("describes the emulator, its providers and users, without secrets", async () => {
    const { id } = await client.admin.addGoogleProvider(google);
    expect(await control("GET", "")).toMatchObject({
      status: 200,
      body: { instanceId: emulator.instanceId, lagMs: 0, organizations: [{ id: emulator.orgId }] },
    });
    expect(await control("GET", "/providers")).toEqual({
      status: 200,
      body: {
        providers: [
          { id, name: "Google", type: "google", ownerId: emulator.instanceId, active: false },
        ],
      },
    });
    expect(await control("GET", "/users")).toMatchObject({
      body: {
        users: [
          {
            type: "service",
            roles: ["IAM_OWNER"],
            memberships: [{ ownerId: emulator.instanceId, roles: ["IAM_OWNER"] }],
          },
        ],
      },
    });
  });

  test("shows and clears the log, with bodies redacted, and is not logged itself", async () => {
    await client.admin.addGoogleProvider(google);
    const { body } = await control("GET", "/log");
    expect(body).toMatchObject({
      requests: [{ rpc: "AddGoogleProvider", request: { clientSecret: "[redacted]" } }],
    });
    expect(JSON.stringify(body)).not.toContain("s3cret");
    expect((await control("DELETE", "/log")).status).toBe(204);
    expect(await control("GET", "/log")).toMatchObject({ body: { requests: [] } });
  });

  test("injects, lists and removes faults", async () => {
    const rule = {
      rpc: "ListProviders",
      times: 2,
      fault: { type: "status", code: Code.Unavailable },
    };
    expect(await control("POST", "/faults", rule)).toEqual({ status: 201, body: { id: "1" } });
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.Unavailable,
    });
    expect(await control("GET", "/faults")).toEqual({
      status: 200,
      body: { faults: [{ id: "1", rule, hits: 1, on: true }] },
    });
    expect((await control("DELETE", "/faults/1")).status).toBe(204);
    expect(await listNames()).toEqual([]);
    expect(await control("DELETE", "/faults/1")).toMatchObject({ status: 404 });
    await control("POST", "/faults", { fault: { type: "drop" } });
    expect((await control("DELETE", "/faults")).status).toBe(204);
    expect(await listNames()).toEqual([]);
  });

  test("switches faults off and on, and keeps those that are used up", async () => {
    await control("POST", "/faults", {
      rpc: "ListProviders",
      times: 1,
      fault: { type: "status", code: Code.Unavailable },
    });
    expect((await control("PATCH", "/faults/1", { on: false })).status).toBe(204);
    expect(await listNames()).toEqual([]);
    expect((await control("PATCH", "/faults/1", { on: true })).status).toBe(204);
    await expect(listNames()).rejects.toThrow("injected fault");
    expect(await control("GET", "/faults")).toMatchObject({
      body: { faults: [{ id: "1", hits: 1, on: false }] },
    });
    expect(await listNames()).toEqual([]);
    expect(await control("PATCH", "/faults/1", { on: true })).toMatchObject({ status: 204 });
    await expect(listNames()).rejects.toThrow("injected fault");
    expect(await control("PATCH", "/faults/7", { on: true })).toMatchObject({ status: 404 });
    expect(await control("PATCH", "/faults/1", {})).toMatchObject({ status: 400 });
  });

  test("lists the active faults of the program too, and forgets all faults with a reset", async () => {
    const injected = emulator.inject({ rpc: /List/, fault: { type: "drop" } });
    expect(await control("GET", "/faults")).toMatchObject({
      body: { faults: [{ rule: { rpc: "/List/", fault: { type: "drop" } }, on: true }] },
    });
    injected.remove();
    expect(await control("GET", "/faults")).toEqual({ status: 200, body: { faults: [] } });
    await control("POST", "/faults", { fault: { type: "drop" } });
    emulator.reset();
    expect(await control("GET", "/faults")).toEqual({ status: 200, body: { faults: [] } });
  });

  test("sets the lag of lists", async () => {
    expect((await control("PUT", "/lag", { ms: 600_000 })).status).toBe(204);
    await client.management.addGoogleProvider(google);
    expect(await listNames()).toEqual([]);
    expect((await control("PUT", "/lag", { ms: 0 })).status).toBe(204);
    expect(await listNames()).toEqual(["Google"]);
  });

  test("resets to the seed", async () => {
    await client.management.addGoogleProvider(google);
    await control("POST", "/faults", { rpc: "AddGoogleProvider", fault: { type: "drop" } });
    expect((await control("POST", "/reset")).status).toBe(204);
    expect(await listNames()).toEqual([]);
    expect(await control("GET", "/faults")).toMatchObject({ body: { faults: [] } });
  });

  test("saves and loads snapshots, which later changes do not affect", async () => {
    const { id } = await client.management.addGoogleProvider(google);
    await client.management.addCustomLoginPolicy({
      allowExternalIdp: true,
      idps: [{ idpId: id, ownerType: 2 }],
    });
    expect((await control("PUT", "/snapshots/with%20google")).status).toBe(204);
    await client.management.updateGoogleProvider({ id, ...google, name: "Renamed" });
    await client.management.addGoogleProvider({ ...google, name: "Second" });
    await client.management.removeIDPFromLoginPolicy({ idpId: id });
    expect(await control("GET", "/snapshots")).toEqual({
      status: 200,
      body: { snapshots: ["with google"] },
    });
    for (let time = 1; time <= 2; time++) {
      expect((await control("POST", "/snapshots/with%20google/load")).status).toBe(204);
      expect(await listNames()).toEqual(["Google"]);
      const { policy } = await client.management.getLoginPolicy({});
      expect(policy?.idps.map(({ idpId }) => idpId)).toEqual([id]);
      await client.management.deleteProvider({ id });
      expect(await listNames()).toEqual([]);
    }
    expect(await control("POST", "/snapshots/other/load")).toEqual({
      status: 404,
      body: { error: 'there is no snapshot "other"' },
    });
  });

  test.each([
    { method: "POST", path: "/faults", body: "{", error: /not JSON/ },
    { method: "POST", path: "/faults", body: {}, error: /must be JSON with a fault/ },
    {
      method: "POST",
      path: "/faults",
      body: { fault: { type: "explode" } },
      error: /type must be one of delay, drop/,
    },
    {
      method: "POST",
      path: "/faults",
      body: { rpc: "Nope", fault: { type: "drop" } },
      error: /there is no RPC Nope/,
    },
    {
      method: "POST",
      path: "/faults",
      body: { rpc: ["ListProviders"], fault: { type: "drop" } },
      error: /rpc must be a text/,
    },
    { method: "PUT", path: "/lag", body: { ms: -1 }, error: /from 0 to 3600000/ },
    { method: "PUT", path: "/lag", body: {}, error: /number of milliseconds/ },
  ])("rejects $method $path with $body", async ({ method, path, body, error }) => {
    const reply = await control(method, path, body);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(reply.body)).toMatch(error);
  });

  test("lists the known paths for an unknown path", async () => {
    expect(await control("GET", "/unknown/1/2")).toMatchObject({ status: 404 });
    expect(JSON.stringify(await control("POST", "/log"))).toContain("POST /_emulator/reset");
  });

  test("answers over HTTP/2 too", async () => {
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": "/_emulator" });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect(headers[":status"]).toBe(200);
    stream.resume();
    await once(stream, "close");
    session.close();
  });

  test.each([
    { title: "a host name that is not of this machine", headers: { host: "evil.example" } },
    { title: "a page of another origin", headers: { origin: "https://evil.example" } },
    { title: "a page without an origin of its own", headers: { origin: "null" } },
  ])("rejects $title", async ({ headers }) => {
    const request = httpRequest({ port, path: "/_emulator/reset", method: "POST", headers }).end();
    const [response] = (await once(request, "response")) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    expect(response.statusCode).toBe(403);
  });

  test.each([
    ["127.0.0.1", true],
    ["127.8.0.1", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["192.0.2.1", false],
    ["::ffff:192.0.2.1", false],
    ["2001:db8::1", false],
    [undefined, false],
  ])("takes a connection from %s as local: %s", (remoteAddress, isLocal) => {
    expect(isLocalSocket({ remoteAddress })).toBe(isLocal);
  });
});

test("the control API is off without the option control", async () => {
  await using plain = createEmulator();
  const listener = await plain.listen();
  expect((await fetch(`${listener.url}/_emulator`)).status).toBe(404);
});
