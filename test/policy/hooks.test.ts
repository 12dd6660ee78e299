import { Code } from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  createIdpClient,
  type Hooks,
  type RequestEvent,
  type ResponseEvent,
  type RetryEvent,
} from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { createManagementClient } from "zitadel-idp/management";
import { auth, withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { failureOf } from "../support/failure.js";
import { wireNames } from "../support/wires.js";

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const retry = { initialPauseMs: 0 };
const busy = { type: "status", code: Code.Unavailable, message: "busy" } as const;

type AnyEvent = RequestEvent | RetryEvent | ResponseEvent;

/** Creates hooks that record their events. */
function createRecorder(): { hooks: Hooks; events: AnyEvent[] } {
  const events: AnyEvent[] = [];
  const record: (event: AnyEvent) => void = (event) => events.push(event);
  return { hooks: { onRequest: record, onRetry: record, onResponse: record }, events };
}

test.each(wireNames)(
  "all events of a call over %s have its id and one object",
  async (protocol) => {
    const { hooks, events } = createRecorder();
    const options = { baseUrl: listener.url, protocol, auth: emulator.token, retry, hooks };
    await using client = createIdpClient(options);
    emulator.inject({ times: 2, fault: busy });
    await client.management.listProviders({});
    const [first, ...others] = events;
    expect(first?.callId).toMatch(/^[0-9a-f]{16}$/);
    expect(others.map(({ callId }) => callId)).toEqual([1, 2, 3].map(() => first?.callId));
    expect(others.filter(({ shared }) => shared !== first?.shared)).toEqual([]);
  },
);

test("calls at the same time have their own ids and objects", async () => {
  const { hooks, events } = createRecorder();
  await using client = createIdpClient({ baseUrl: listener.url, auth: emulator.token, hooks });
  await Promise.all(
    [1, 2, 3].map(async (id) => failureOf(client.management.getProviderByID({ id: `${id}` }))),
  );
  expect(events).toHaveLength(6);
  expect(new Set(events.map(({ callId }) => callId)).size).toBe(3);
  expect(new Set(events.map(({ shared }) => shared)).size).toBe(3);
});

test("a hook finds the value that another hook has kept for the call", async () => {
  const durations: number[] = [];
  await using client = createIdpClient({
    baseUrl: listener.url,
    auth: emulator.token,
    hooks: {
      onRequest: ({ shared }) => (shared["startedMs"] = performance.now()),
      onResponse: ({ shared }) => durations.push(performance.now() - Number(shared["startedMs"])),
    },
  });
  await client.management.listProviders({});
  await client.management.listProviders({});
  expect(durations.filter((each) => each > 0)).toHaveLength(2);
});

test("the layers of zitadel-idp/policy give the same id to their events", async () => {
  const { hooks, events } = createRecorder();
  const baseUrl = listener.url;
  const wire = createGrpcWebTransport({ baseUrl, interceptors: [auth(emulator.token)] });
  const transport = withErrors(withRetry(wire, { ...retry, hooks }), { hooks });
  emulator.inject({ times: 1, fault: busy });
  await createManagementClient(transport).listProviders({});
  expect(events).toHaveLength(3);
  expect(new Set(events.map(({ callId }) => callId)).size).toBe(1);
});

test("the address of a server with an IPv6 address has no brackets", async () => {
  const { hooks, events } = createRecorder();
  const options = { baseUrl: "http://[::1]:1", auth: "t", retry: false, hooks } as const;
  await using client = createIdpClient(options);
  await failureOf(client.management.listProviders({}));
  expect(events[0]?.attributes).toMatchObject({ "server.address": "::1", "server.port": 1 });
});
