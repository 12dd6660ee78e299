import { connect } from "node:http2";
import { connect as connectTcp } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Code, ConnectError, createIdpClient, type IdpClient, type Protocol } from "zitadel-idp";
import {
  badGateway,
  createEmulator,
  type Emulator,
  type Fault,
  type FaultRule,
  type Listener,
  tooManyRequests,
} from "zitadel-idp/emulator";
import { ErrorDetailSchema } from "zitadel-idp/idp";
import { sendRaw } from "../support/raw-http.js";

const wires: Protocol[] = ["json", "grpc", "grpc-web"];
const google = { clientId: "c", clientSecret: "s" };

let emulator: Emulator;
let listener: Listener;
let clients: Record<string, IdpClient>;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
beforeEach(() => {
  emulator.reset();
  clients = Object.fromEntries(
    wires.map((protocol) => [
      protocol,
      createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol, retry: false }),
    ]),
  );
  return () => Promise.all(Object.values(clients).map((each) => each.close()));
});
afterAll(() => emulator.close());

function client(wire: string): IdpClient {
  return clients[wire] as IdpClient;
}

/** Adds a provider under a fault and returns the error and the number of providers afterwards. */
async function addUnder(wire: string, fault: Fault): Promise<{ error: unknown; count: number }> {
  emulator.inject({ rpc: "AddJWTProvider", times: 1, fault });
  const request = {
    name: "n",
    issuer: "i",
    jwtEndpoint: "j",
    keysEndpoint: "k",
    headerName: "h",
  };
  const error = await client(wire)
    .management.addJWTProvider(request)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  // Count the providers on a new connection, because the fault may have broken the old one.
  await using fresh = createIdpClient({
    baseUrl: listener.url,
    auth: emulator.token,
    protocol: "json",
  });
  const { result } = await fresh.management.listProviders({});
  return { error, count: result.length };
}

describe.each(wires)("over %s", (wire) => {
  test.each<{ name: string; fault: Fault; count: number }>([
    { name: "a dropped connection", fault: { type: "drop" }, count: 0 },
    {
      name: "a connection dropped after the call",
      fault: { type: "drop", when: "after" },
      count: 1,
    },
    { name: "a reset", fault: { type: "reset" }, count: 0 },
    { name: "a reset after the call", fault: { type: "reset", when: "after" }, count: 1 },
    { name: "a GOAWAY that refuses", fault: { type: "goaway" }, count: 0 },
    { name: "a GOAWAY that loses the call", fault: { type: "goaway", call: "lost" }, count: 0 },
    {
      name: "a GOAWAY that loses the response",
      fault: { type: "goaway", call: "lost", when: "after" },
      count: 1,
    },
    { name: "a refused stream", fault: { type: "refused-stream" }, count: 0 },
    { name: "a truncated body", fault: { type: "truncate" }, count: 1 },
    { name: "a body that ends early", fault: { type: "truncate", end: "clean" }, count: 1 },
    { name: "a rate limit", fault: tooManyRequests({ retryAfterSeconds: 7 }), count: 0 },
    { name: "the page of a proxy", fault: badGateway(), count: 0 },
    {
      name: "the page of a proxy after the call",
      fault: badGateway({ when: "after" }),
      count: 1,
    },
  ])("$name is an error, and the call is carried out $count times", async ({ fault, count }) => {
    const result = await addUnder(wire, fault);
    expect(result).toEqual({ error: expect.any(ConnectError) as unknown, count });
    // The next call succeeds on a new connection.
    await expect(client(wire).management.listProviders({})).resolves.toBeDefined();
  });

  test.each<[string, Fault, { code: Code; id?: string; count: number }]>([
    [
      "an error of ZITADEL",
      { type: "status", code: Code.ResourceExhausted, id: "LIMIT-x", message: "enough" },
      { code: Code.ResourceExhausted, id: "LIMIT-x", count: 0 },
    ],
    [
      "an error after the write",
      { type: "status", code: Code.Unknown, when: "after" },
      { code: Code.Unknown, count: 1 },
    ],
    [
      "a stale token",
      { type: "stale-token" },
      { code: Code.Unauthenticated, id: "AUTH-7fs1e", count: 0 },
    ],
    [
      "a deadline that expires in the server",
      { type: "expired-deadline" },
      { code: wire === "json" ? Code.DeadlineExceeded : Code.Internal, count: 0 },
    ],
    [
      "a deadline that expires after the write",
      { type: "expired-deadline", when: "after" },
      { code: wire === "json" ? Code.DeadlineExceeded : Code.Unknown, count: 1 },
    ],
  ])("%s has the injected code and id", async (_, fault, { code, id, count }) => {
    const { error, count: counted } = await addUnder(wire, fault);
    expect(error).toMatchObject({ code });
    const [detail] = ConnectError.from(error).findDetails(ErrorDetailSchema);
    expect(detail?.id || undefined).toBe(id);
    expect(counted).toBe(count);
  });

  test("a graceful GOAWAY lets this call and the next one succeed", async () => {
    const fault: Fault = { type: "goaway", call: "answered" };
    expect(await addUnder(wire, fault)).toEqual({ error: undefined, count: 1 });
    await expect(client(wire).management.listProviders({})).resolves.toBeDefined();
  });

  test("a delay ends when the caller aborts, and the call is not carried out", async () => {
    const delay = emulator.inject({
      rpc: "AddGoogleProvider",
      fault: { type: "delay", ms: 60_000 },
    });
    const gone = new AbortController();
    const call = client(wire).management.addJWTProvider({ name: "n" }, { signal: gone.signal });
    void call.catch(() => undefined);
    const slow = client(wire).management.addGoogleProvider(google, { signal: gone.signal });
    await expect.poll(() => delay.hits).toBe(1);
    gone.abort();
    await expect(slow).rejects.toMatchObject({ code: Code.Canceled });
    await expect
      .poll(() => emulator.log.find(({ fault }) => fault === "delay")?.code)
      .toBe("canceled");
  });
});

/** Returns the events that a bare HTTP/2 client sees during one call. `warm` makes a successful call on the connection first. */
async function observe(fault: Fault, warm: boolean): Promise<string[]> {
  const session = connect(listener.url);
  const seen: string[] = [];
  session.on("error", ({ message }) => seen.push(message));
  session.on("goaway", (code, last) => seen.push(`goaway ${code} up to ${last}`));
  const request = (): Promise<void> =>
    new Promise((resolve) => {
      const stream = session.request({
        ":path": "/management/v1/idps/templates/_search",
        ":method": "POST",
        authorization: `Bearer ${emulator.token}`,
      });
      stream.on("response", ({ ":status": status }) => seen.push(`status ${status}`));
      stream.on("error", () => undefined);
      stream.on("close", () => {
        seen.push(`stream ${stream.id} closed with ${stream.rstCode}`);
        resolve();
      });
      stream.resume().end();
    });
  if (warm) {
    await request();
    seen.length = 0;
  }
  emulator.inject({ fault, times: 1 });
  await request();
  if (fault.type !== "refused-stream") {
    await new Promise((resolve) =>
      session.destroyed ? resolve(0) : session.once("close", resolve),
    );
  }
  session.destroy();
  return seen;
}

describe("an HTTP/2 client sees", () => {
  test.each<{ name: string; fault: Fault; cold: string[]; warm: string[] }>([
    {
      name: "a GOAWAY that excludes the stream, if the call is refused",
      fault: { type: "goaway" },
      cold: ["goaway 0 up to 0", "stream 1 closed with 7"],
      warm: ["goaway 0 up to 1", "stream 3 closed with 7"],
    },
    {
      name: "a GOAWAY that includes the stream, and the end of the connection, if the call is lost",
      fault: { type: "goaway", call: "lost" },
      cold: ["goaway 0 up to 1", "stream 1 closed with 8"],
      warm: ["goaway 0 up to 3", "stream 3 closed with 8"],
    },
    {
      name: "a GOAWAY that includes the stream, and the response, if the shutdown is graceful",
      fault: { type: "goaway", call: "answered" },
      cold: ["goaway 0 up to 1", "status 200", "stream 1 closed with 0"],
      warm: ["goaway 0 up to 3", "status 200", "stream 3 closed with 0"],
    },
    {
      name: "RST_STREAM with REFUSED_STREAM on a connection that stays open",
      fault: { type: "refused-stream" },
      cold: ["stream 1 closed with 7"],
      warm: ["stream 3 closed with 7"],
    },
    {
      name: "the end of the connection without a GOAWAY",
      fault: { type: "drop" },
      cold: ["stream 1 closed with 8"],
      warm: ["stream 3 closed with 8"],
    },
    {
      name: "the head of a response whose body is incomplete",
      fault: { type: "truncate", bytes: 1 },
      cold: ["status 200", "stream 1 closed with 8"],
      warm: ["status 200", "stream 3 closed with 8"],
    },
  ])("$name", async ({ fault, cold, warm }) => {
    expect((await observe(fault, false)).toSorted()).toEqual(cold.toSorted());
    expect((await observe(fault, true)).toSorted()).toEqual(warm.toSorted());
  });
});

describe("a TCP client sees", () => {
  test.each<[string, Fault]>([
    ["end", { type: "drop" }],
    ["ECONNRESET", { type: "reset" }],
  ])("%s of its connection by the fault %o", async (expected, fault) => {
    emulator.inject({ fault });
    const socket = connectTcp(listener.port, "127.0.0.1");
    socket.write(
      "POST /management/v1/idps/templates/_search HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
    );
    const seen = await new Promise((resolve) => {
      socket.on("data", (data) => resolve(data.toString()));
      socket.on("end", () => resolve("end"));
      socket.on("error", ({ code }: NodeJS.ErrnoException) => resolve(code));
    });
    expect(seen).toBe(expected);
  });
});

describe("responses of a proxy", () => {
  const call = () =>
    sendRaw(listener.port, {
      method: "POST",
      path: "/management/v1/idps/templates/_search",
      headers: { authorization: `Bearer ${emulator.token}` },
    });

  test("a rate limit sends Retry-After", async () => {
    emulator.inject({ fault: tooManyRequests({ retryAfterSeconds: 7 }) });
    const { status, headers } = await call();
    expect([status, headers["retry-after"]]).toEqual([429, "7"]);
  });

  test("a bad gateway sends an HTML page", async () => {
    emulator.inject({ fault: badGateway() });
    const { status, headers, body } = await call();
    expect([status, headers["content-type"]]).toEqual([502, "text/html"]);
    expect(body.toString()).toContain("<h1>502 Bad Gateway</h1>");
  });

  test("a delay that outlasts the deadline of the call ends with deadline_exceeded", async () => {
    emulator.inject({ fault: { type: "delay", ms: 60_000 } });
    const { status, body } = await sendRaw(listener.port, {
      method: "POST",
      path: "/management/v1/idps/templates/_search",
      headers: { authorization: `Bearer ${emulator.token}`, "grpc-timeout": "5m" },
    });
    expect([status, body.toString()]).toEqual([
      504,
      '{"code":4,"message":"context deadline exceeded"}',
    ]);
  });
});

describe("without a network", () => {
  const call = (): Promise<Response> =>
    emulator.fetch(`${emulator.url}/management/v1/idps/templates/_search`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}` },
    });

  test.each<[Fault, string]>([
    [{ type: "drop" }, "UND_ERR_SOCKET"],
    [{ type: "reset" }, "ECONNRESET"],
    [{ type: "goaway" }, "UND_ERR_SOCKET"],
    [{ type: "refused-stream" }, "UND_ERR_SOCKET"],
  ])("$0.type rejects with the error of Node's fetch", async (fault, code) => {
    emulator.inject({ fault });
    await expect(call()).rejects.toMatchObject({
      name: "TypeError",
      message: "fetch failed",
      cause: { code },
    });
  });

  test("a cut body fails during reading", async () => {
    emulator.inject({ fault: { type: "truncate", bytes: 5 } });
    const response = await call();
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBe(5);
    await expect(reader?.read()).rejects.toThrow("terminated");
  });

  test("a body with a clean early end is complete for HTTP", async () => {
    emulator.inject({ fault: { type: "truncate", bytes: 5, end: "clean" } });
    expect(await (await call()).text()).toHaveLength(5);
  });

  test("a graceful GOAWAY has no effect", async () => {
    emulator.inject({ fault: { type: "goaway", call: "answered" } });
    expect((await call()).status).toBe(200);
  });

  test("a delay ends with the signal", async () => {
    const delay = emulator.inject({ fault: { type: "delay", ms: 60_000 } });
    const gone = new AbortController();
    const slow = emulator.fetch(`${emulator.url}/management/v1/idps/templates/_search`, {
      method: "POST",
      signal: gone.signal,
    });
    await expect.poll(() => delay.hits).toBe(1);
    gone.abort();
    await expect(slow).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("a rule", () => {
  const status: Fault = { type: "status", code: Code.Aborted };
  const struck = async (call: () => Promise<unknown>): Promise<boolean> =>
    call().then(
      () => false,
      (error: unknown) => ConnectError.from(error).code === Code.Aborted,
    );

  test.each<[string, Omit<FaultRule, "fault">, [boolean, boolean, boolean]]>([
    ["without a condition applies to every call", {}, [true, true, true]],
    ["with a name applies to both services", { rpc: "ListProviders" }, [true, true, false]],
    [
      "with service and name applies to one RPC",
      { rpc: "zitadel.admin.v1.AdminService/ListProviders" },
      [false, true, false],
    ],
    ["with a pattern applies to matching RPCs", { rpc: /Management/g }, [true, false, true]],
    ["with a protocol applies to that protocol", { protocol: "json" }, [true, true, true]],
    ["with another protocol does not apply", { protocol: "grpc" }, [false, false, false]],
    [
      "with a path does not apply to RPCs",
      { path: "/zitadel.management.v1.ManagementService/ListProviders" },
      [false, false, false],
    ],
  ])("%s", async (_, rule, expected) => {
    const { management, admin } = client("json");
    const fault: Fault = rule.path === undefined ? status : badGateway();
    emulator.inject({ ...rule, fault });
    const results = [
      await struck(() => management.listProviders({})),
      await struck(() => admin.listProviders({})),
      await struck(() => management.listOrgIDPs({})),
    ];
    expect(results).toEqual(expected);
  });

  test("with a path applies to requests that are not calls of an RPC", async () => {
    emulator.inject({ path: /^\/debug\//, times: 1, fault: badGateway() });
    const check = () =>
      sendRaw(listener.port, { method: "GET", path: "/debug/healthz", headers: {} });
    expect([(await check()).status, (await check()).status]).toEqual([502, 200]);
  });

  test("applies `times` times, counts the hits, and is removed", async () => {
    const rule = emulator.inject({ times: 2, fault: status });
    const results: boolean[] = [];
    for (let call = 0; call < 3; call++) {
      results.push(await struck(() => client("json").management.listProviders({})));
    }
    expect([results, rule.hits]).toEqual([[true, true, false], 2]);
  });

  test("ends on remove, at the end of its block, and on reset", async () => {
    const call = () => struck(() => client("json").management.listProviders({}));
    const rule = emulator.inject({ fault: status });
    expect(await call()).toBe(true);
    rule.remove();
    expect(await call()).toBe(false);
    {
      using _ = emulator.inject({ fault: status });
      expect(await call()).toBe(true);
    }
    expect(await call()).toBe(false);
    emulator.inject({ fault: status });
    emulator.reset();
    expect(await call()).toBe(false);
  });

  test("with a probability applies to that share of calls, and to the same calls after a reset", async () => {
    const run = async (): Promise<boolean[]> => {
      emulator.reset();
      emulator.inject({ probability: 0.25, fault: status });
      const results: boolean[] = [];
      for (let call = 0; call < 200; call++) {
        results.push(await struck(() => client("json").management.listProviders({})));
      }
      return results;
    };
    const first = await run();
    const share = first.filter(Boolean).length / first.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
    expect(await run()).toEqual(first);
  });

  test("that was injected first takes precedence", async () => {
    emulator.inject({ fault: status });
    emulator.inject({ fault: badGateway() });
    expect(await struck(() => client("json").management.listProviders({}))).toBe(true);
  });

  test.each<[string, FaultRule]>([
    ["rpc: there is no RPC ListProvider", { rpc: "ListProvider", fault: status }],
    ["rpc and path cannot be combined", { rpc: /x/, path: "/", fault: badGateway() }],
    ["path: the fault status is an error of an RPC", { path: "/", fault: status }],
    ["times must be a whole number above 0", { times: 0, fault: status }],
    ["probability must be from 0 to 1", { probability: 50, fault: status }],
    ["status must be from 200 to 599", { fault: { type: "http", status: 101 } }],
    ["ms must be from 0", { fault: { type: "delay", ms: -1 } }],
    ["bytes must not be negative", { fault: { type: "truncate", bytes: -1 } }],
  ])("is rejected if invalid: %s", (message, rule) => {
    expect(() => emulator.inject(rule)).toThrow(message);
  });
});

test("a connection that is dropped and reset at once leaves no socket open", async () => {
  const sockets = (): number =>
    process.getActiveResourcesInfo().filter((each) => each === "TCPSocketWrap").length;
  const other = createEmulator();
  const { url } = await other.listen();
  const before = sockets();
  const one = createIdpClient({
    baseUrl: url,
    auth: other.token,
    protocol: "grpc",
    retry: false,
  });
  await one.management.getLoginPolicy({});
  other.inject({ rpc: "ListProviders", times: 1, fault: { type: "drop" } });
  other.inject({ rpc: "ListOrgIDPs", times: 1, fault: { type: "reset" } });
  await Promise.allSettled([one.management.listProviders({}), one.management.listOrgIDPs({})]);
  await one.close();
  await other.close();
  await expect.poll(sockets).toBeLessThanOrEqual(before);
});
