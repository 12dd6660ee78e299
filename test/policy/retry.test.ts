import type { Transport } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  Code,
  ConnectError,
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  type Protocol,
  type ResponseEvent,
  type RetryEvent,
} from "zitadel-idp";
import {
  badGateway,
  createEmulator,
  type Emulator,
  type Fault,
  type Listener,
  tooManyRequests,
} from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { withErrors, withRetry } from "zitadel-idp/policy";
import { failureOf } from "../support/failure.js";

const wires: Protocol[] = ["grpc", "grpc-web", "json"];
const google = { clientId: "c", clientSecret: "planted-secret" };

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

function connect(protocol: Protocol, options: Partial<IdpClientOptions> = {}): IdpClient {
  return createIdpClient({
    baseUrl: listener.url,
    auth: emulator.token,
    protocol,
    retry: { initialPauseMs: 0 },
    ...options,
  });
}

/** Returns the number of providers, whatever the responses were. */
async function count(): Promise<number> {
  const { url: baseUrl, token: auth, fetch } = emulator;
  await using client = createIdpClient({ baseUrl, auth, fetch });
  return (await client.management.listProviders({})).result.length;
}

describe.each(wires)("over %s", (wire) => {
  const html = { "content-type": "text/html" };
  const lost: [string, Fault][] = [
    ["the connection closes before", { type: "drop" }],
    ["the connection closes after", { type: "drop", when: "after" }],
    ["the connection is reset after", { type: "reset", when: "after" }],
    ["a proxy answers 502 before", badGateway()],
    ["a proxy answers 502 after", badGateway({ when: "after" })],
    ["a proxy answers 504 after", { type: "http", status: 504, headers: html, when: "after" }],
    ...[520, 521, 522, 523, 524, 525, 526, 527, 528, 529, 530].map((status): [string, Fault] => [
      `Cloudflare answers ${status} after`,
      { type: "http", status, headers: html, when: "after" },
    ]),
    ["the answer is cut off", { type: "truncate" }],
    ["the answer lacks its end", { type: "truncate", bytes: 2, end: "clean" }],
    ["the server is unavailable", { type: "status", code: Code.Unavailable }],
    ["the server leaves in the midst", { type: "goaway", call: "lost", when: "after" }],
  ];
  const undone: [string, Fault][] = [
    ["a limit refuses it", tooManyRequests({ retryAfterSeconds: 0 })],
    // Over HTTP/1.1, these are connections that close, and nothing shows that the call was not carried out.
    ...(wire === "grpc"
      ? ([
          ["its stream is refused", { type: "refused-stream" }],
          ["the server leaves before it", { type: "goaway" }],
        ] satisfies [string, Fault][])
      : []),
  ];

  test.each(undone)("an Add is retried when %s", async (_, fault) => {
    emulator.inject({ rpc: "AddGoogleProvider", fault, times: 2 });
    await using client = connect(wire);
    await client.management.addGoogleProvider(google);
    expect(await count()).toBe(1);
  });

  test.each(lost)("an Add is not retried when %s", async (_, fault) => {
    emulator.inject({ rpc: "AddGoogleProvider", fault, times: 1 });
    await using client = connect(wire);
    const error = await failureOf(client.management.addGoogleProvider(google));
    expect(error).toMatchObject({ attempts: 1, outcome: "unknown", code: Code.Unavailable });
    expect(await count()).toBeLessThan(2);
  });

  test.each([...lost, ...undone])("a read is retried when %s", async (_, fault) => {
    emulator.inject({ rpc: "ListProviders", fault, times: 3 });
    const events: RetryEvent[] = [];
    await using client = connect(wire, { hooks: { onRetry: (event) => events.push(event) } });
    await client.management.listProviders({});
    expect(events.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  test.each(lost)("an update is retried when %s", async (_, fault) => {
    await using client = connect(wire);
    const { id } = await client.management.addGoogleProvider(google);
    emulator.inject({ rpc: "UpdateGoogleProvider", fault, times: 2 });
    await client.management.updateGoogleProvider({ id, clientId: "changed" });
    const { idp } = await client.management.getProviderByID({ id });
    expect(idp?.config?.config.value).toMatchObject({ clientId: "changed" });
  });

  test("a delete that gets not_found after its response was lost succeeds, and reports it", async () => {
    const ends: ResponseEvent[] = [];
    await using client = connect(wire, { hooks: { onResponse: (event) => ends.push(event) } });
    const { id } = await client.management.addGoogleProvider(google);
    emulator.inject({ rpc: "DeleteProvider", fault: { type: "drop", when: "after" }, times: 1 });
    let said: string | null = null;
    await client.management.deleteProvider(
      { id },
      { onHeader: (headers) => (said = headers.get("zitadel-idp-already-done")) },
    );
    expect(said).toBe("ORG-Se3tg");
    expect(ends.at(-1)).toMatchObject({ attempts: 2, alreadyDone: "ORG-Se3tg" });
    expect(await count()).toBe(0);
  });

  test("a delete that ZITADEL rejects with the error of a deleted provider does not count as done", async () => {
    await using client = connect(wire);
    const { id } = await client.management.addZitadelProvider({
      name: "Other",
      issuer: "https://other.example",
      clientId: "c",
      clientSecret: "planted-secret",
    });
    emulator.inject({ rpc: "DeleteProvider", fault: { type: "drop", when: "after" }, times: 1 });
    const error = await failureOf(client.management.deleteProvider({ id }));
    expect(error).toMatchObject({ code: Code.NotFound, id: "ORG-Se3tg", attempts: 2 });
    expect(await count()).toBe(1);
  });

  test("a delete that gets not_found in its first attempt fails, also after a refused attempt", async () => {
    await using client = connect(wire);
    const once = await failureOf(client.management.deleteProvider({ id: "9" }));
    expect(once).toMatchObject({ code: Code.NotFound, attempts: 1, outcome: "not_done" });
    const fault = tooManyRequests({ retryAfterSeconds: 0 });
    emulator.inject({ rpc: "DeleteProvider", fault, times: 1 });
    const twice = await failureOf(client.management.deleteProvider({ id: "9" }));
    expect(twice).toMatchObject({ code: Code.NotFound, attempts: 2, outcome: "not_done" });
  });

  test('a legacy update that is "not changed" after its response was lost succeeds', async () => {
    await using client = connect(wire);
    const { idpId } = await client.management.addOrgJWTIDP({
      name: "old",
      jwtEndpoint: "https://a.example",
      issuer: "https://a.example",
      keysEndpoint: "https://a.example",
      headerName: "x",
    });
    emulator.inject({ rpc: "UpdateOrgIDP", fault: { type: "drop", when: "after" }, times: 1 });
    await client.management.updateOrgIDP({ idpId, name: "new" });
    const error = await failureOf(client.management.updateOrgIDP({ idpId, name: "new" }));
    expect(error).toMatchObject({ code: Code.FailedPrecondition, attempts: 1 });
  });

  test("a rejection by ZITADEL is not retried", async () => {
    const retries = vi.fn();
    await using client = connect(wire, { hooks: { onRetry: retries } });
    for (const call of [
      () => client.management.getProviderByID({ id: "9" }),
      () => client.management.addGoogleProvider({ clientId: "" }),
      () => client.withOrg("9").management.listProviders({}),
    ]) {
      expect(await failureOf(call())).toMatchObject({ attempts: 1, outcome: "not_done" });
    }
    expect(retries).not.toHaveBeenCalled();
  });

  test("a token that ZITADEL rejects is replaced, and the call is sent once more", async () => {
    emulator.inject({ rpc: "AddGoogleProvider", fault: { type: "stale-token" }, times: 1 });
    const asked: (string | undefined)[] = [];
    await using client = connect(wire, {
      auth: ({ refused }) => {
        asked.push(refused);
        // The same user with another token would be rejected: the emulator knows only this one.
        return refused === undefined ? "first" : emulator.token;
      },
    });
    await client.management.addGoogleProvider(google);
    expect(asked).toEqual([undefined, "first"]);
    expect(await count()).toBe(1);
  });

  test("the server of a client may restart between two calls", async () => {
    const other = createEmulator();
    const first = await other.listen();
    await using client = connect(wire, { baseUrl: first.url, auth: other.token });
    await client.management.listProviders({});
    await first.close();
    const again = await other.listen({ port: first.port });
    // The first call may still find the old connection, which does no harm to a read.
    await client.management.listProviders({});
    await client.management.addGoogleProvider(google);
    await again.close();
    await other.close();
  });
});

describe("the number of attempts of a call whose token is rejected", () => {
  const rejected = 401;
  const unavailable = 503;
  const listed = 200;

  /** Makes a call with a new token for each rejection. The server responds with these statuses in turn. */
  async function callWith(
    statuses: readonly number[],
    retry: IdpClientOptions["retry"],
  ): Promise<{ requests: number; attempts: number | undefined }> {
    let requests = 0;
    let tokens = 0;
    const fetch = (): Promise<Response> => {
      const status = statuses[requests++] ?? 500;
      const headers = { "content-type": status === unavailable ? "text/html" : "application/json" };
      const body =
        status === rejected ? { code: Code.Unauthenticated, message: "(AUTH-7fs1e)" } : {};
      return Promise.resolve(new Response(JSON.stringify(body), { status, headers }));
    };
    const auth = { token: () => Promise.resolve(`token-${tokens++}`) };
    const baseUrl = "https://acme.example";
    const client = createIdpClient({ baseUrl, protocol: "json", fetch, auth, retry });
    const attempts = await client.management.listProviders({}).then(
      () => undefined,
      (error: unknown) => (error as { attempts: number }).attempts,
    );
    return { requests, attempts };
  }

  test.each<[name: string, statuses: number[], maxAttempts: number, requests: number]>([
    ["stays within maxAttempts", [rejected, unavailable, rejected, unavailable], 2, 2],
    ["stays within maxAttempts after a retry", [unavailable, rejected, listed], 2, 2],
    [
      "counts the resend and the retries together",
      [rejected, unavailable, rejected, rejected],
      4,
      4,
    ],
    ["is two after one rejection, even with maxAttempts 1", [rejected, rejected, listed], 1, 2],
  ])("%s", async (_, statuses, maxAttempts, requests) => {
    const retry = { maxAttempts, initialPauseMs: 0 };
    expect(await callWith(statuses, retry)).toEqual({ requests, attempts: requests });
  });

  test.each([{ maxAttempts: 1 }, false] as const)(
    "allows one resend with the options %j",
    async (retry) => {
      expect(await callWith([rejected, listed], retry)).toEqual({ requests: 2 });
    },
  );
});

describe("with a transport that fails as the test determines", () => {
  /** A transport that fails with these errors in turn, and then repeats the last one. */
  function failing(...errors: ConnectError[]): Transport & { calls: (number | undefined)[] } {
    const calls: (number | undefined)[] = [];
    return {
      calls,
      unary: async (_method, _signal, timeoutMs) => {
        calls.push(timeoutMs);
        await Promise.resolve();
        throw errors[Math.min(calls.length, errors.length) - 1] ?? new Error("no error");
      },
      stream: () => Promise.reject(new Error("not called")),
    };
  }
  const unavailable = (headers: HeadersInit = {}): ConnectError =>
    new ConnectError("try later", Code.Unavailable, { "grpc-status": "14", ...headers });

  afterEach(() => void vi.useRealTimers());

  test("pauses are random below a bound that doubles up to the longest one", async () => {
    const pauses: number[] = [];
    const wire = withRetry(failing(unavailable()), {
      initialPauseMs: 10,
      maxPauseMs: 30,
      maxAttempts: 6,
      random: () => 0.5,
      hooks: { onRetry: ({ pauseMs }) => pauses.push(pauseMs) },
    });
    vi.useFakeTimers();
    const call = failureOf(createManagementClient(withErrors(wire)).listProviders({}));
    await vi.runAllTimersAsync();
    expect((await call).attempts).toBe(6);
    expect(pauses).toEqual([5, 10, 15, 15, 15]);
  });

  test.each([
    ["seconds", "2", 2000],
    ["none", "0", 0],
    ["a date", "Sun, 22 Nov 2026 12:00:03 GMT", 3000],
  ])("Retry-After in %s takes precedence", async (_, value, pauseMs) => {
    vi.useFakeTimers({ now: Date.parse("2026-11-22T12:00:00Z") });
    const pauses: number[] = [];
    const wire = withRetry(failing(unavailable({ "retry-after": value })), {
      maxAttempts: 2,
      random: () => 0,
      hooks: { onRetry: (event) => pauses.push(event.pauseMs) },
    });
    const call = failureOf(createManagementClient(withErrors(wire)).listProviders({}));
    await vi.runAllTimersAsync();
    await call;
    expect(pauses).toEqual([pauseMs]);
  });

  test("a Retry-After beyond maxRetryAfterMs ends the call at once", async () => {
    const wire = failing(unavailable({ "retry-after": "31" }));
    const call = createManagementClient(withErrors(withRetry(wire))).listProviders({});
    expect((await failureOf(call)).attempts).toBe(1);
  });

  test("no pause outlasts the deadline: the call fails at once, with the server's error", async () => {
    const wire = failing(unavailable({ "retry-after": "5" }));
    const call = createManagementClient(withErrors(withRetry(wire))).listProviders(
      {},
      { timeoutMs: 4000 },
    );
    expect(await failureOf(call)).toMatchObject({ code: Code.Unavailable, attempts: 1 });
  });

  test("each attempt gets the time that is left before the deadline", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const wire = failing(unavailable({ "retry-after": "2" }));
    const client = createManagementClient(
      withErrors(withRetry(wire, { maxAttempts: 3, random: () => 0 })),
    );
    const call = failureOf(client.listProviders({}, { timeoutMs: 5000 }));
    await vi.runAllTimersAsync();
    await call;
    expect(wire.calls).toEqual([5000, 3000, 1000]);
  });

  test("a caller's abort ends a pause, and earlier attempts may have been carried out", async () => {
    const controller = new AbortController();
    const wire = withRetry(failing(unavailable()), {
      initialPauseMs: 60_000,
      maxPauseMs: 60_000,
      random: () => 1,
      hooks: { onRetry: () => queueMicrotask(() => controller.abort()) },
    });
    const { signal } = controller;
    const call = createManagementClient(withErrors(wire)).deleteProvider({ id: "9" }, { signal });
    expect(await failureOf(call)).toMatchObject({ reason: "aborted", outcome: "unknown" });
  });

  test("calls share a retry budget, which successes refill", async () => {
    let fails = true;
    let requests = 0;
    const wire: Transport = {
      unary: async (...call) => {
        requests++;
        await Promise.resolve();
        if (fails) {
          throw unavailable();
        }
        const { url: baseUrl, token, fetch } = emulator;
        return await createIdpClient({ baseUrl, auth: token, fetch }).transport.unary(...call);
      },
      stream: () => Promise.reject(new Error("not called")),
    };
    const client = createManagementClient(withErrors(withRetry(wire, { initialPauseMs: 0 })));
    for (let call = 0; call < 40; call++) {
      await failureOf(client.listProviders({}));
    }
    // A hundred retries, and the calls themselves.
    expect(requests).toBe(140);
    fails = false;
    for (let call = 0; call < 10; call++) {
      await client.listProviders({});
    }
    fails = true;
    requests = 0;
    await failureOf(client.listProviders({}));
    expect(requests).toBe(3);
  });

  test.each([
    ["unknown database error: timeout: context deadline exceeded ()", Code.Unknown, 3, "unknown"],
    ["db connection error ()", Code.Internal, 3, "unknown"],
    ["QUERY-ADG42", Code.Internal, 1, "unknown"],
    [
      "unable to set instance using origin x: ID=QUERY-d3fas Parent=(context deadline exceeded)",
      Code.Internal,
      3,
      "not_done",
    ],
    ["Errors.Limits.Instance.Blocked (LIMITS-molsj)", Code.ResourceExhausted, 1, "not_done"],
  ])("an internal problem of ZITADEL, %s", async (text, code, attempts, outcome) => {
    const error = new ConnectError(text, code, { "grpc-status": String(code) });
    const wire = withRetry(failing(error), { maxAttempts: 3, initialPauseMs: 0 });
    const client = createManagementClient(withErrors(wire));
    expect(await failureOf(client.deleteProvider({ id: "9" }))).toMatchObject({
      attempts,
      outcome,
      code,
    });
  });

  test("without withErrors, the transport's error is passed on unchanged", async () => {
    const error = unavailable();
    const wire = withRetry(failing(error), { maxAttempts: 2, initialPauseMs: 0 });
    await expect(createManagementClient(wire).listProviders({})).rejects.toBe(error);
  });
});
