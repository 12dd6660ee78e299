import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  createTokenSource,
  type Token,
  type TokenRequest,
  type TokenSource,
  type TokenSourceOptions,
  type TokenSupplier,
} from "../../src/token-sources.js";
import { AttemptError } from "../../src/call/attempt-error.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000_000 });
});
afterEach(() => {
  // No test may leave a timer.
  const left = vi.getTimerCount();
  vi.useRealTimers();
  expect(left).toBe(0);
});

const baseUrl = "https://acme.test";
const hourMs = 3_600_000;
const minuteMs = 60_000;

/** A supplier whose requests the test settles. */
interface Manual {
  readonly supplier: TokenSupplier;
  readonly requests: (TokenRequest & {
    give(token: string | Token): void;
    fail(reason: unknown): void;
  })[];
}

function manual(): Manual {
  const requests: Manual["requests"] = [];
  return {
    requests,
    supplier: (request) =>
      new Promise((give, fail) => {
        requests.push({ ...request, give, fail });
      }),
  };
}

/** Returns the tokens t1, t2, ... with the given lifetime. */
function counting(lifeMs?: number): { supplier: TokenSupplier; count: () => number } {
  let count = 0;
  return {
    count: () => count,
    supplier: () => {
      const accessToken = `t${++count}`;
      return lifeMs === undefined ? accessToken : { accessToken, expiresAtMs: Date.now() + lifeMs };
    },
  };
}

function ask(source: TokenSource, request: Partial<TokenRequest> = {}): Promise<string> {
  return source.token({ baseUrl, signal: new AbortController().signal, ...request });
}

/** Runs all pending microtasks. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

const noJitter: TokenSourceOptions = { random: () => 0 };

describe("a token without a known expiry", () => {
  test("is requested by each call", async () => {
    const { supplier } = counting();
    const source = createTokenSource(supplier);
    expect([await ask(source), await ask(source)]).toEqual(["t1", "t2"]);
  });

  test("is shared by a thousand calls in parallel", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const calls = Array.from({ length: 1000 }, () => ask(source));
    await settle();
    expect(requests.length).toBe(1);
    requests[0]?.give("t");
    expect(new Set(await Promise.all(calls))).toEqual(new Set(["t"]));
  });
});

describe("a token with a known expiry", () => {
  test.each<[string, number, TokenSourceOptions, number]>([
    // Lifetime, options, time of the replacement.
    [
      "of twelve hours: five minutes ahead",
      12 * hourMs,
      { random: () => 0 },
      12 * hourMs - 300_000,
    ],
    ["at the other end of the jitter", 12 * hourMs, { random: () => 1 }, 12 * hourMs - 150_000],
    ["of a minute: a fifth of it ahead", minuteMs, { random: () => 0 }, 48_000],
    ["with its own leeway", hourMs, { random: () => 0, leewayMs: minuteMs }, 59 * minuteMs],
  ])("%s", async (_, lifeMs, options, replacedMs) => {
    const { supplier, count } = counting(lifeMs);
    const source = createTokenSource(supplier, options);
    await ask(source);
    vi.setSystemTime(Date.now() + replacedMs - 1);
    expect(await ask(source)).toBe("t1");
    await settle();
    expect(count()).toBe(1);
    vi.setSystemTime(Date.now() + 1);
    expect(await ask(source)).toBe("t1");
    await settle();
    expect(count()).toBe(2);
    expect(await ask(source)).toBe("t2");
  });

  test("stays in use while one request replaces it", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier, noJitter);
    const first = ask(source);
    await settle();
    requests[0]?.give({ accessToken: "t1", expiresAtMs: Date.now() + hourMs });
    await first;
    vi.setSystemTime(Date.now() + 56 * minuteMs);
    expect(await Promise.all([ask(source), ask(source), ask(source)])).toEqual(["t1", "t1", "t1"]);
    await settle();
    expect(requests.length).toBe(2);
    requests[1]?.give({ accessToken: "t2", expiresAtMs: Date.now() + hourMs });
    await settle();
    expect(await ask(source)).toBe("t2");
  });

  test("is awaited shortly before its expiry", async () => {
    const { supplier } = counting(hourMs);
    const source = createTokenSource(supplier, noJitter);
    await ask(source);
    vi.setSystemTime(Date.now() + hourMs - 30_000);
    expect(await ask(source)).toBe("t2");
  });

  test("that has already expired serves the calls that waited for it, and no others", async () => {
    const { supplier } = counting(-1);
    const source = createTokenSource(supplier);
    expect(await Promise.all([ask(source), ask(source)])).toEqual(["t1", "t1"]);
    expect(await ask(source)).toBe("t2");
  });

  test("stays in use while its replacement fails, with a pause between attempts", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier, noJitter);
    const first = ask(source);
    await settle();
    requests[0]?.give({ accessToken: "t1", expiresAtMs: Date.now() + hourMs });
    await first;
    vi.setSystemTime(Date.now() + 56 * minuteMs);
    expect(await ask(source)).toBe("t1");
    await settle();
    requests[1]?.fail(new Error("down"));
    await settle();
    expect(await ask(source)).toBe("t1");
    await settle();
    expect(requests.length).toBe(2);
    vi.setSystemTime(Date.now() + 30_000);
    expect(await ask(source)).toBe("t1");
    await settle();
    expect(requests.length).toBe(3);
    requests[2]?.give("t2");
    await settle();
  });
});

describe("each server gets its own token", () => {
  test.each([
    ["another host", "https://other.test", "t2"],
    ["another port", "https://acme.test:8443", "t2"],
    ["another scheme", "http://acme.test", "t2"],
    ["another path", "https://acme.test/path", "t1"],
    ["the default port", "https://acme.test:443", "t1"],
  ])("%s", async (_, other, token) => {
    const { supplier } = counting(hourMs);
    const source = createTokenSource(supplier);
    await ask(source);
    expect(await ask(source, { baseUrl: other })).toBe(token);
    expect(await ask(source)).toBe("t1");
  });

  test("also while requests are under way", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const calls = [ask(source), ask(source, { baseUrl: "https://other.test" })];
    await settle();
    requests.forEach((each) => each.give(`for ${each.baseUrl}`.replaceAll(" ", "-")));
    expect(await Promise.all(calls)).toEqual(["for-https://acme.test", "for-https://other.test"]);
  });
});

describe("a token that the server rejected", () => {
  test("is replaced once for all calls that were rejected", async () => {
    const { supplier, count } = counting(hourMs);
    const source = createTokenSource(supplier);
    const first = await ask(source);
    const refused = Array.from({ length: 1000 }, () => ask(source, { refused: first }));
    expect(new Set(await Promise.all(refused))).toEqual(new Set(["t2"]));
    expect(await ask(source, { refused: first })).toBe("t2");
    expect(await ask(source)).toBe("t2");
    expect(count()).toBe(2);
  });

  test("is passed to the supplier", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const call = ask(source, { refused: "old" });
    await settle();
    expect(requests[0]?.refused).toBe("old");
    requests[0]?.give("new");
    expect(await call).toBe("new");
  });

  test("is requested again if an earlier request returned it once more", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const early = ask(source);
    await settle();
    const late = [ask(source, { refused: "old" }), ask(source, { refused: "old" })];
    requests[0]?.give({ accessToken: "old", expiresAtMs: Date.now() + hourMs });
    expect(await early).toBe("old");
    await settle();
    expect(requests.map((each) => each.refused)).toEqual([undefined, "old"]);
    requests[1]?.give("new");
    expect(await Promise.all(late)).toEqual(["new", "new"]);
  });

  test("is returned if the supplier has no other", async () => {
    const source = createTokenSource(() => "fixed");
    expect(await ask(source, { refused: "fixed" })).toBe("fixed");
  });
});

describe("a failed request", () => {
  const secret = "s3cret-value";
  test.each<[string, TokenSupplier, Code, string]>([
    ["with its own error", fails(new Error("vault is sealed")), Code.Unavailable, "sealed"],
    [
      "with an error of the network",
      fails(
        new TypeError("fetch failed", {
          cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
        }),
      ),
      Code.Unavailable,
      "fetch failed (ECONNREFUSED)",
    ],
    [
      "with a code",
      fails(new ConnectError("no", Code.PermissionDenied)),
      Code.PermissionDenied,
      "no",
    ],
    ["with no error at all", fails("text"), Code.Unavailable, "the token supplier failed"],
    ["by an empty token", () => "", Code.FailedPrecondition, "not empty"],
    ["by nothing", () => undefined as never, Code.FailedPrecondition, "not empty"],
    ["by a number", () => 1 as never, Code.FailedPrecondition, "not empty"],
    ["by a header", () => `Bearer ${secret}`, Code.FailedPrecondition, 'without "Bearer"'],
    ["by a line break", () => `${secret}\n`, Code.FailedPrecondition, "line breaks"],
    ["by a blank", () => ({ accessToken: `${secret} x` }), Code.FailedPrecondition, "spaces"],
    [
      "by an end that is no number",
      () => ({ accessToken: secret, expiresAtMs: "tomorrow" as never }),
      Code.FailedPrecondition,
      "expiresAtMs",
    ],
  ])("%s", async (_, supplier, code, text) => {
    const error = await ask(createTokenSource(supplier)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) as string });
    expect(AttemptError.factsOf(error)).toMatchObject({ notDone: "unsent" });
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
  });

  test("does not keep the request that an HTTP library attaches to its errors", async () => {
    const reason = Object.assign(new Error("HTTP 500"), { config: { headers: { x: secret } } });
    const error = await ask(createTokenSource(fails(reason))).catch((given: unknown) => given);
    expect(inspect(error, { depth: 9 })).toContain("HTTP 500");
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
  });

  test("rejects all calls that wait for it, and the next call starts a new one", async () => {
    let count = 0;
    const source = createTokenSource(() => {
      if (++count === 1) {
        throw new Error("once");
      }
      return "t";
    });
    const outcomes = await Promise.allSettled([ask(source), ask(source)]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await ask(source)).toBe("t");
    expect(count).toBe(2);
  });

  test("is aborted after its timeout, and its signal too", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier, { timeoutMs: 1000 });
    const call = ask(source);
    const outcome = expect(call).rejects.toMatchObject({
      code: Code.Unavailable,
      rawMessage:
        "the token request did not finish within 1000 ms; raise timeoutMs of the token source, or check that the token issuer can be reached",
    });
    await vi.advanceTimersByTimeAsync(1000);
    await outcome;
    expect(requests[0]?.signal.aborted).toBe(true);
    const next = ask(source);
    await settle();
    requests[1]?.give("t");
    expect(await next).toBe("t");
  });

  test("whose promise the runtime never settles does not block later calls", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier, { timeoutMs: 1000 });
    const dead = ask(source);
    await settle();
    // The clock goes on, but the timer of the dead request never fires.
    vi.setSystemTime(Date.now() + 1000);
    const alive = ask(source);
    await settle();
    requests[1]?.give({ accessToken: "new", expiresAtMs: Date.now() + hourMs });
    expect(await alive).toBe("new");
    // A late result changes nothing.
    requests[0]?.give({ accessToken: "old", expiresAtMs: Date.now() + hourMs });
    expect(await dead).toBe("old");
    expect(await ask(source)).toBe("new");
  });
});

test("calls that wait for a request that the runtime never settles time out", async () => {
  const { supplier, requests } = manual();
  const source = createTokenSource(supplier, { timeoutMs: 1000 });
  const timers: unknown[] = [];
  const { setTimeout: real } = globalThis;
  const forget = vi.spyOn(globalThis, "setTimeout").mockImplementation((...timer) => {
    timers.push(timer);
    return real(() => undefined, 0);
  });
  const dead = ask(source);
  await settle();
  forget.mockRestore();
  // The timeouts of the request and of the call.
  expect(timers.length).toBe(2);
  const alive = expect(ask(source)).rejects.toMatchObject({
    code: Code.Unavailable,
    rawMessage:
      "the token request did not finish within 1000 ms; raise timeoutMs of the token source, or check that the token issuer can be reached",
  });
  await vi.advanceTimersByTimeAsync(1000);
  await alive;
  requests[0]?.give("t");
  expect(await dead).toBe("t");
});

describe("a call that ends while it waits", () => {
  test("does not end other calls", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const controller = new AbortController();
    const ended = ask(source, { signal: controller.signal });
    const other = ask(source);
    await settle();
    controller.abort(new ConnectError("late", Code.DeadlineExceeded));
    await expect(ended).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    expect(requests[0]?.signal.aborted).toBe(false);
    requests[0]?.give("t");
    expect(await other).toBe("t");
  });

  test("gets no token if it ended before its wait", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    await expect(ask(source, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: Code.Canceled,
    });
    requests[0]?.give("t");
    await settle();
  });

  test("may be the only one: the request continues, and its failure is handled", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const controller = new AbortController();
    const ended = ask(source, { signal: controller.signal });
    await settle();
    controller.abort();
    await expect(ended).rejects.toMatchObject({ code: Code.Canceled });
    requests[0]?.fail(new Error("nobody listens"));
    await settle();
  });

  test("leaves no listener on a shared signal", async () => {
    const { supplier, requests } = manual();
    const source = createTokenSource(supplier);
    const { signal } = new AbortController();
    const warned = vi.spyOn(process, "emitWarning");
    const calls = Array.from({ length: 100 }, () => ask(source, { signal }));
    await settle();
    expect(getEventListeners(signal, "abort").length).toBe(1);
    requests[0]?.give("t");
    await Promise.all(calls);
    await settle();
    expect(getEventListeners(signal, "abort")).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
  });
});

test("a token source does not reveal its content", async () => {
  const source = createTokenSource(() => ({
    accessToken: "s3cret-value",
    expiresAtMs: Date.now() + hourMs,
  }));
  await ask(source);
  expect(inspect(source, { depth: 9, showHidden: true })).not.toContain("s3cret-value");
  expect(JSON.stringify(source)).toBe("{}");
});

test.each<[string, unknown, object]>([
  ["a supplier that is not a function", "t", {}],
  ["a negative leeway", () => "t", { leewayMs: -1 }],
  ["a time limit of nothing", () => "t", { timeoutMs: 0 }],
  ["a timeout above the limit of timers", () => "t", { timeoutMs: 2 ** 31 }],
])("%s is rejected", (_, supplier, options) => {
  expect(() => createTokenSource(supplier as TokenSupplier, options)).toThrow(TypeError);
});

function fails(reason: unknown): TokenSupplier {
  return () => Promise.reject(reason);
}
