import { inspect } from "node:util";
import type { Transport } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  Code,
  ConnectError,
  createIdpClient,
  type IdpClient,
  type IdpClientOptions,
  isOutcomeUnknown,
  isZitadelError,
  type Protocol,
  ZitadelError,
} from "zitadel-idp";
import { createEmulator, type Emulator, type Fault, type Listener } from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { withErrors } from "zitadel-idp/policy";
import { failureOf } from "../support/failure.js";
import {
  type UnresponsiveServer,
  startUnresponsiveServer,
} from "../support/unresponsive-server.js";

const wires: Protocol[] = ["grpc", "grpc-web", "json"];
const google = { clientId: "c", clientSecret: "planted-secret" };

let emulator: Emulator;
let listener: Listener;
let silent: UnresponsiveServer;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  silent = await startUnresponsiveServer();
});
afterEach(() => emulator.reset());
afterAll(async () => {
  await emulator.close();
  await silent[Symbol.asyncDispose]();
});

function connect(protocol: Protocol, options: Partial<IdpClientOptions> = {}): IdpClient {
  return createIdpClient({
    baseUrl: listener.url,
    auth: emulator.token,
    protocol,
    retry: false,
    ...options,
  });
}

/** Makes the same call over each protocol, and returns the errors. */
async function onEachWire(
  call: (client: IdpClient) => Promise<unknown>,
  options: Partial<IdpClientOptions> = {},
): Promise<ZitadelError[]> {
  const failures: ZitadelError[] = [];
  for (const wire of wires) {
    await using client = connect(wire, options);
    failures.push(await failureOf(call(client)));
  }
  return failures;
}

/** Returns the parts of an error that must not depend on the protocol. */
function facts({
  code,
  message,
  rawMessage,
  reason,
  outcome,
  attempts,
  id,
}: ZitadelError): unknown {
  return { code, message, rawMessage, reason, outcome, attempts, id };
}

function expectSame(failures: readonly ZitadelError[], expected: object): void {
  for (const failure of failures) {
    expect(facts(failure)).toEqual(facts(failures[0] ?? failure));
    expect(failure).toMatchObject(expected);
  }
}

describe("a failure outside of ZITADEL is the same over each protocol:", () => {
  const html = { "content-type": "text/html" };
  test.each<[string, Fault, object]>([
    [
      "a connection closed without an answer",
      { type: "drop" },
      { code: Code.Unavailable, reason: "connection", outcome: "unknown" },
    ],
    [
      "a reset",
      { type: "reset", when: "after" },
      { code: Code.Unavailable, reason: "connection", outcome: "unknown" },
    ],
    [
      "an answer that is cut off",
      { type: "truncate" },
      { code: Code.Unavailable, reason: "connection", outcome: "unknown" },
    ],
    [
      "an answer that lacks its end",
      { type: "truncate", bytes: 3, end: "clean" },
      { code: Code.Unavailable, reason: "answer", outcome: "unknown" },
    ],
    [
      "a proxy's 502",
      { type: "http", status: 502, headers: html, body: "<html>Bad Gateway</html>" },
      { code: Code.Unavailable, httpStatus: 502, outcome: "unknown" },
    ],
    [
      "a proxy's 429",
      { type: "http", status: 429, headers: { "content-type": "text/plain" }, body: "slow down" },
      { code: Code.Unavailable, httpStatus: 429, reason: "proxy", outcome: "not_done" },
    ],
    [
      "a proxy's 403",
      { type: "http", status: 403, headers: { "content-type": "text/plain" }, body: "no" },
      { code: Code.PermissionDenied, httpStatus: 403, reason: "proxy", outcome: "not_done" },
    ],
    [
      "a web page",
      { type: "http", status: 200, headers: html, body: "<html>hello</html>" },
      { code: Code.Unknown, httpStatus: 200, outcome: "unknown" },
    ],
  ])("%s", async (_, fault, expected) => {
    emulator.inject({ rpc: "AddGoogleProvider", fault });
    const failures = await onEachWire((client) => client.management.addGoogleProvider(google));
    expectSame(failures, { attempts: 1, ...expected });
    // A read changes nothing, whatever happens to its response.
    emulator.inject({ rpc: "ListProviders", fault });
    const reads = await onEachWire((client) => client.management.listProviders({}));
    expectSame(reads, { outcome: "not_done" });
  });

  test("no server at all", async () => {
    const gone = await startUnresponsiveServer();
    await gone[Symbol.asyncDispose]();
    const failures = await onEachWire((client) => client.management.addGoogleProvider(google), {
      baseUrl: gone.url,
    });
    expectSame(failures, {
      code: Code.Unavailable,
      reason: "unreachable",
      outcome: "not_done",
      rawMessage: "the server cannot be reached (ECONNREFUSED)",
    });
  });
});

describe("the reason for the end of a call is reported, the same over each protocol:", () => {
  test.each<[string, (client: IdpClient) => Promise<unknown>, object]>([
    [
      "its deadline",
      (client) => client.management.addGoogleProvider(google, { timeoutMs: 250 }),
      {
        code: Code.DeadlineExceeded,
        reason: "deadline",
        rawMessage: "the call did not finish within its timeout of 250 ms",
        outcome: "unknown",
        cause: undefined,
      },
    ],
    [
      "the caller's timeout signal",
      (client) => client.management.addGoogleProvider(google, { signal: AbortSignal.timeout(250) }),
      {
        code: Code.DeadlineExceeded,
        reason: "timeout-signal",
        outcome: "unknown",
        cause: { name: "TimeoutError" },
      },
    ],
    [
      "the caller",
      async (client) => {
        const controller = new AbortController();
        const requested = silent.waitForRequest();
        const call = client.management.addGoogleProvider(google, { signal: controller.signal });
        await requested;
        controller.abort(new Error("the user left"));
        await call;
      },
      {
        code: Code.Canceled,
        reason: "aborted",
        outcome: "unknown",
        cause: { message: "the user left" },
      },
    ],
    [
      "the caller, before it began",
      (client) =>
        client.management.addGoogleProvider(google, { signal: AbortSignal.abort(new Error("no")) }),
      { code: Code.Canceled, reason: "aborted", outcome: "not_done" },
    ],
  ])("%s", async (_, call, expected) => {
    expectSame(await onEachWire(call, { baseUrl: silent.url }), expected);
  });

  test("a deadline that passes during the wait for a token: nothing was sent", async () => {
    const failures = await onEachWire(
      (client) => client.management.addGoogleProvider(google, { timeoutMs: 250 }),
      { auth: () => new Promise<string>(() => undefined) },
    );
    expectSame(failures, { reason: "deadline", outcome: "not_done" });
    expect(emulator.log.length).toBe(0);
  });

  test("a closed client", async () => {
    const failures = await onEachWire(async (client) => {
      await client.close();
      await client.management.addGoogleProvider(google);
    });
    expectSame(failures, { code: Code.FailedPrecondition, outcome: "not_done" });
  });
});

describe("after its own deadline", () => {
  // Recorded responses to a deadline that passed in the server.
  test.each<[string, Code, string]>([
    ["QUERY-SWgr3", Code.Internal, "unknown"],
    // None of the recorded writes with this error was carried out.
    ["Organisation doesn't exist (AUTH-Bs7Ds)", Code.PermissionDenied, "not_done"],
    ["unknown database error: timeout: context deadline exceeded ()", Code.Unknown, "unknown"],
    ["context deadline exceeded", Code.DeadlineExceeded, "unknown"],
  ])("the client reports it, whatever the server reports: %s", async (message, code, outcome) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const wire: Transport = {
      async unary() {
        // The server's clock may be a little ahead.
        await vi.advanceTimersByTimeAsync(95);
        throw new ConnectError(message, code, { "grpc-status": String(code) });
      },
      stream: () => Promise.reject(new Error("not called")),
    };
    try {
      const management = createManagementClient(withErrors(wire));
      const call = management.addGoogleProvider(google, { timeoutMs: 100 });
      expect(await failureOf(call)).toMatchObject({
        code: Code.DeadlineExceeded,
        reason: "deadline",
        outcome,
        cause: { code, rawMessage: message },
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a ZitadelError", () => {
  test("is a ConnectError by instanceof and by name, and no other ConnectError is one", async () => {
    await using client = connect("json");
    const error = await failureOf(client.management.getProviderByID({ id: "9" }));
    expect(error).toBeInstanceOf(ZitadelError);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("ConnectError");
    expect(ConnectError.from(error)).toBe(error);
    expect(new ConnectError("x") instanceof ZitadelError).toBe(false);
    expect(isZitadelError(error, Code.NotFound)).toBe(true);
    expect(isZitadelError(error, Code.Internal)).toBe(false);
    expect(isZitadelError(new ConnectError("x", Code.NotFound))).toBe(false);
    expect(isOutcomeUnknown(error)).toBe(false);
  });

  test("shows its facts in logs: on the console, and as JSON", async () => {
    await using client = connect("grpc");
    const error = await failureOf(client.management.getProviderByID({ id: "9" }));
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: "ZitadelError",
      code: "not_found",
      id: "QUERY-SAFrt",
      message: "[not_found] Identity Provider Configuration doesn't exist (QUERY-SAFrt)",
      rpc: "zitadel.management.v1.ManagementService/GetProviderByID",
      protocol: "grpc",
      attempts: 1,
      outcome: "not_done",
      startedAt: expect.any(String) as string,
    });
    const shown = inspect(error);
    expect(shown).toMatch(/^ZitadelError: \[not_found\] Identity Provider/);
    expect(shown).toContain("rpc: 'zitadel.management.v1.ManagementService/GetProviderByID'");
    expect(shown).not.toContain("Headers");
  });
});

test("a call leaves neither timer nor listener behind", async () => {
  await using client = connect("json");
  const controller = new AbortController();
  const add = vi.spyOn(controller.signal, "addEventListener");
  const remove = vi.spyOn(controller.signal, "removeEventListener");
  const set = vi.spyOn(globalThis, "setTimeout");
  const clear = vi.spyOn(globalThis, "clearTimeout");
  await client.management.listProviders({}, { signal: controller.signal, timeoutMs: 60_000 });
  await failureOf(
    client.management.getProviderByID(
      { id: "9" },
      { signal: controller.signal, timeoutMs: 60_000 },
    ),
  );
  expect(add).toHaveBeenCalledTimes(2);
  expect(remove).toHaveBeenCalledTimes(2);
  const timers = set.mock.results.filter((_, index) => set.mock.calls[index]?.[1] === 60_000);
  expect(timers.length).toBeGreaterThanOrEqual(2);
  for (const { value } of timers) {
    expect(clear).toHaveBeenCalledWith(value);
  }
  vi.restoreAllMocks();
});

test.each(wires)("a thousand calls share one signal without a warning over %s", async (wire) => {
  await using client = connect(wire);
  const warnings: Error[] = [];
  const listen = (warning: Error): void => void warnings.push(warning);
  process.on("warning", listen);
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: 1000 }, () => client.management.getLoginPolicy({}, { signal })),
  );
  // Warnings are emitted in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  process.off("warning", listen);
  expect(warnings).toEqual([]);
});

describe("an error of a caller's interceptor", () => {
  const failing = (error: Error): Partial<IdpClientOptions> => ({
    retry: { initialPauseMs: 0 },
    interceptors: [() => () => Promise.reject(error)],
  });

  test.each([
    ["an error", new Error("no such tenant")],
    ["an error with its own code", new TypeError("Cannot read properties of undefined")],
  ])("%s is passed on unchanged, and not classified as a network error", async (_, error) => {
    const failures = await onEachWire(
      (client) => client.management.listProviders({}),
      failing(error),
    );
    expectSame(failures, { code: Code.Unknown, rawMessage: error.message, attempts: 1 });
    expect(failures.map(({ cause }) => cause)).toEqual([error, error, error]);
  });
});

test.each(["t", "code", "details", "rawMessage", "message"])(
  "a token that is also a word of error texts does not garble them: %s",
  async (token) => {
    const seed = {
      organizations: [{ id: "1", name: "Acme" }],
      serviceUsers: [{ name: "none", organization: "1", token }],
    };
    await using other = createEmulator({ seed });
    const { url } = await other.listen();
    const failures = await onEachWire((client) => client.management.listProviders({}), {
      baseUrl: url,
      auth: token,
    });
    expectSame(failures, { code: Code.NotFound, id: "AUTHZ-cdgFk" });
  },
);
