import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createIdpClient, type Hooks } from "zitadel-idp";
import { createTokenSource } from "zitadel-idp/auth";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { apply, plan } from "zitadel-idp/providers";
import { wireNames } from "../support/wires.js";

/** The rejections that would have ended the process. Vitest fails the run for them, but not the test that caused them. */
const unhandled: unknown[] = [];
const note = (reason: unknown): unknown => unhandled.push(reason);

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  process.on("unhandledRejection", note);
  emulator = createEmulator({ onRequest: misbehave });
  listener = await emulator.listen();
});
afterEach(async () => {
  // Unhandled rejections are reported after the microtask queue is empty.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
  calls = 0;
});
afterAll(async () => {
  process.off("unhandledRejection", note);
  await listener.close();
});

let calls = 0;

/** A callback that fails with an exception and with a rejected promise in turn. */
function misbehave(): never {
  calls++;
  if (calls % 2 === 0) {
    throw new Error("thrown by a callback");
  }
  return Promise.reject(new Error("rejected by a callback")) as never;
}

test.each(wireNames)(
  "failing hooks do not change the result of a call over %s",
  async (protocol) => {
    const hooks: Hooks = { onRequest: misbehave, onResponse: misbehave, onRetry: misbehave };
    await using client = createIdpClient({
      baseUrl: listener.url,
      protocol,
      auth: emulator.token,
      hooks,
      retry: { initialPauseMs: 0 },
    });
    emulator.inject({
      rpc: "ListProviders",
      times: 3,
      fault: { type: "status", code: 14, message: "busy" },
    });
    await client.management.listProviders({});
    await client.management.listProviders({});
    await expect(client.management.getProviderByID({ id: "1" })).rejects.toThrow();
    expect(calls).toBeGreaterThan(9);
  },
);

test("failing progress callbacks do not change the result of plan and apply", async () => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const providers = [1, 2, 3].map((each) => ({
    type: "google" as const,
    name: `Google ${each}`,
    clientId: "c",
    clientSecret: "s",
  }));
  const desired = { instance: { providers } };
  const options = { onProgress: misbehave };
  const planned = await plan(client, desired, options);
  const { ok, results } = await apply(client, planned, desired, options);
  expect({ ok, count: results.length }).toEqual({ ok: true, count: 3 });
});

test("callbacks for headers may return rejected promises", async () => {
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token });
  const onHeader = vi.fn((): void => Promise.reject(new Error("rejected")) as unknown as void);
  await client.management.listProviders({}, { onHeader, onTrailer: onHeader });
  expect(onHeader).toHaveBeenCalledTimes(2);
});

test("a failing source of randomness is replaced", async () => {
  for (const random of [
    (): number => {
      throw new Error("thrown by random");
    },
    () => Number.NaN,
    () => 7,
  ]) {
    const auth = createTokenSource(
      () => ({ accessToken: emulator.token, expiresAtMs: Date.now() + 1_000_000 }),
      { random },
    );
    const retry = { random, initialPauseMs: 1 };
    await using client = createIdpClient({ baseUrl: listener.url, auth, retry });
    emulator.inject({
      rpc: "ListProviders",
      times: 1,
      fault: { type: "status", code: 14, message: "busy" },
    });
    await client.management.listProviders({});
  }
});
