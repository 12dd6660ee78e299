import { createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Code, createIdpClient, type IdpClient, type IdpClientOptions } from "zitadel-idp";
import { clientCredentials, createTokenSource } from "zitadel-idp/auth";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { ManagementService } from "zitadel-idp/management";
import { withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcTransport } from "zitadel-idp/transport/grpc";
import { createGrpcWebTransport } from "zitadel-idp/transport/grpc-web";
import { createJsonTransport } from "zitadel-idp/transport/json";
import { failureOf } from "../support/failure.js";
import { wireNames } from "../support/wires.js";

const secret = "s3cret-value";
const timeout =
  /option timeoutMs: must be a number of milliseconds above 0 and at most 2147483647, or 0/;
const signal = /option signal: must be an AbortSignal/;

/** Invalid options of a call, and the text of their error. */
const wrongOptions: [name: string, options: unknown, text: RegExp][] = [
  ["a timeout that is NaN", { timeoutMs: Number.NaN }, timeout],
  ["a timeout without an end", { timeoutMs: Number.POSITIVE_INFINITY }, timeout],
  ["a timeout that has passed", { timeoutMs: -1 }, timeout],
  ["a timeout that is text", { timeoutMs: "100" }, timeout],
  ["a timeout above the limit of timers", { timeoutMs: 2 ** 31 }, timeout],
  ["a controller in the place of its signal", { signal: new AbortController() }, signal],
  ["a signal that is null", { signal: null }, signal],
  ["a header without a value", { headers: { "x-id": undefined } }, /headers: x-id must be text/],
  ["a pair without a value", { headers: [["x-id", null]] }, /headers: x-id must be text/],
  [
    "a header with a line break",
    { headers: { "x-id": `${secret}\n1` } },
    /option headers: a name or a value is not allowed/,
  ],
  [
    "a header of the connection",
    { headers: { connection: "close" } },
    /headers: connection is set by the transport/,
  ],
  [
    "a length of the body",
    { headers: { "Content-Length": "1" } },
    /headers: content-length is set by the transport/,
  ],
  [
    "headers that are text",
    { headers: "x-id: 1" },
    /option headers: a name or a value is not allowed/,
  ],
  [
    "an option of another spelling",
    { timeoutMS: 5 },
    /option timeoutMS: .* did you mean timeoutMs/,
  ],
  ["an option that does not exist", { timeout: 5 }, /option timeout: unknown option/],
  ["a signal in the place of options", new AbortController().signal, /must be an object/],
  ["a number in the place of options", 5000, /must be an object/],
  ["a callback that is none", { onHeader: true }, /option onHeader: must be a function/],
];

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
afterAll(async () => {
  await listener.close();
});

describe.each(wireNames)("over %s", (protocol) => {
  let client: IdpClient;
  beforeAll(() => {
    client = createIdpClient({ baseUrl: listener.url, protocol, auth: emulator.token });
  });
  afterAll(async () => {
    await client.close();
  });

  test.each(wrongOptions)("%s is rejected before anything is sent", async (_, options, text) => {
    const before = emulator.log.length;
    const error = await failureOf(
      client.management.addGoogleProvider({ clientId: "c" }, options as object),
    );
    expect(error).toMatchObject({ code: Code.InvalidArgument, outcome: "not_done", attempts: 1 });
    expect(error.message).toMatch(text);
    expect(error.message).not.toContain(secret);
    expect(emulator.log.length).toBe(before);
  });

  test("a timeout of 0 means none, also instead of the client's", async () => {
    const base = { baseUrl: listener.url, protocol, auth: emulator.token };
    await using brief = createIdpClient({ ...base, timeoutMs: 1 });
    const [fault] = [emulator.inject({ rpc: "ListIDPs", fault: { type: "delay", ms: 30 } })];
    await expect(brief.admin.listIDPs({}, { timeoutMs: 0 })).resolves.toHaveProperty("result");
    fault?.remove();
  });

  test("a standalone transport rejects an invalid deadline", async () => {
    const transports = {
      json: createJsonTransport,
      grpc: createGrpcTransport,
      "grpc-web": createGrpcWebTransport,
    };
    const transport = transports[protocol]({ baseUrl: listener.url });
    const { listProviders } = createClient(ManagementService, transport);
    await expect(listProviders({}, { timeoutMs: Number.NaN })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    await expect(listProviders({}, { headers: { "x-id": `${secret}\n1` } })).rejects.toThrow(
      "option headers: a name or a value is not allowed in HTTP",
    );
    for (const options of [
      { defaultTimeoutMs: Number.NaN },
      { readMaxBytes: 0 },
      { readMaxBytes: 1.5 },
      { connectTimeoutMs: Number.NaN },
      // gRPC is enough for this test.
      protocol === "grpc"
        ? { writeMaxBytes: "1" as unknown as number }
        : { maxConnections: Number.NaN },
    ]) {
      const [name = ""] = Object.keys(options);
      expect(() => transports[protocol]({ baseUrl: listener.url, ...(options as object) })).toThrow(
        `option ${name}: must be`,
      );
    }
  });
});

test.each<[string, object, string]>([
  ["connectTimeoutMs", { connectTimeoutMs: Number.NaN }, "option connectTimeoutMs: must be"],
  ["connectTimeoutMs", { connectTimeoutMs: 0 }, "option connectTimeoutMs: must be"],
  ["timeoutMs", { timeoutMs: "100" }, "option timeoutMs: must be"],
  ["timeoutMs", { timeoutMs: Number.NaN }, "option timeoutMs: must be"],
  ["limits", { limits: 5 }, "option limits: must be an object"],
  ["limits", { limits: { maxBytes: 1 } }, "option limits.maxBytes: unknown option"],
  [
    "limits",
    { limits: { maxResponseBytes: Number.NaN } },
    "option limits.maxResponseBytes: must be a whole number of bytes from 1",
  ],
  ["limits", { limits: { maxTokenResponseBytes: "9" } }, "option limits.maxTokenResponseBytes"],
  ["limits", { limits: { maxConnections: 0 } }, "option limits.maxConnections: must be"],
  ["retry", { retry: { maxAttempts: "3" } }, "option retry.maxAttempts: must be a whole number"],
  ["retry", { retry: { maxAttempts: 2.5 } }, "option retry.maxAttempts: must be a whole number"],
  ["retry", { retry: { maxPauseMs: Number.NaN } }, "option retry.maxPauseMs: must be"],
  ["headers", { headers: { "x-id": undefined } }, "option headers: x-id must be text"],
  [
    "headers",
    { headers: { upgrade: "h2c" } },
    "option headers: upgrade is set by the transport: leave it out",
  ],
])("an invalid %s of a client is rejected", (_, options, text) => {
  const all = { baseUrl: "https://acme.test", ...options } as IdpClientOptions;
  expect(() => createIdpClient(all)).toThrow(TypeError);
  expect(() => createIdpClient(all)).toThrow(text);
});

test("numbers of parts that are used on their own are checked too", () => {
  const transport = emulator.transport();
  for (const wrong of [Number.NaN, "5", -1]) {
    const options = { timeoutMs: wrong, maxAttempts: wrong, leewayMs: wrong } as object;
    expect(() => withErrors(transport, options)).toThrow("option timeoutMs: must be");
    expect(() => withRetry(transport, options)).toThrow("option maxAttempts: must be");
    expect(() => createTokenSource(() => "t", options)).toThrow("option leewayMs: must be");
    const credentials = { clientId: "c", clientSecret: "s", timeoutMs: wrong } as object;
    expect(() => clientCredentials(credentials as never)).toThrow("option timeoutMs: must be");
    expect(() => createEmulator({ lagMs: wrong as never })).toThrow("lagMs must be");
    const fault = { type: "delay", ms: wrong } as never;
    expect(() => emulator.inject({ fault })).toThrow("ms must be");
  }
  const random = 5 as never;
  expect(() => withRetry(transport, { random })).toThrow("option random: must be a function");
  expect(() => createTokenSource(() => "t", { random })).toThrow("option random");
  expect(() => createEmulator({ onRequest: 5 as never })).toThrow("onRequest must be a function");
});
