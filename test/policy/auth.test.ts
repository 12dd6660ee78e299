import { create } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryRequest,
} from "@connectrpc/connect";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { ManagementService } from "../../gen/zitadel/management_pb.js";
import {
  clientCredentials,
  createTokenSource,
  serviceAccount,
  type TokenRequest,
  type TokenSource,
} from "../../src/token-sources.js";
import { createManagementClient, type ManagementClient } from "../../src/services/management.js";
import { auth, type AuthOptions } from "../../src/policy/auth.js";
import { toTokenSource } from "../../src/policy/to-token-source.js";
import { Call, callOf, withCall } from "../../src/call/call.js";
import { Deadline } from "../../src/call/deadline.js";
import { shortenTimeout } from "../../src/call/timeout-header.js";
import { AttemptError } from "../../src/call/attempt-error.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createJsonTransport } from "../../src/json-transport.js";
import { createKeyPair } from "../support/rsa-keys.js";
import { wireNames } from "../support/wires.js";

const url = "https://acme.test";
const method = ManagementService.method.listProviders;

/** The headers and the message of one attempt. */
interface Sent {
  readonly authorization: string | null;
  readonly timeout: string | null;
}

interface Run {
  readonly outcome: Promise<unknown>;
  readonly sent: Sent[];
  readonly record: Call;
}

/** Runs a call through the interceptor. `answers` are the server's responses, one per attempt. */
function run(
  interceptor: Interceptor,
  answers: readonly (Error | "ok")[],
  { timeout, to = url, stream = false }: { timeout?: string; to?: string; stream?: boolean } = {},
): Run {
  const sent: Sent[] = [];
  const record = new Call(new Deadline());
  const contextValues = withCall(record, createContextValues());
  const header = new Headers({ authorization: "Bearer of-the-caller" });
  if (timeout !== undefined) {
    header.set("grpc-timeout", timeout);
  }
  const request = {
    stream,
    service: ManagementService,
    method,
    requestMethod: "POST",
    url: `${to}/zitadel.management.v1.ManagementService/ListProviders`,
    signal: new AbortController().signal,
    header,
    contextValues,
    message: create(method.input),
  } as unknown as UnaryRequest;
  const next = (({ header: each }: UnaryRequest): Promise<unknown> => {
    record.sent = true;
    const answer = answers[sent.length] ?? new Error("sent too often");
    sent.push({ authorization: each.get("authorization"), timeout: each.get("grpc-timeout") });
    return answer === "ok" ? Promise.resolve("ok") : Promise.reject(answer);
  }) as unknown as Parameters<Interceptor>[0];
  const outcome = interceptor(next)(request).catch((reason: unknown) => reason);
  return { outcome, sent, record };
}

/** Returns these tokens in turn, and records the requests. */
function source(...tokens: (string | Error)[]): TokenSource & { asked: TokenRequest[] } {
  const asked: TokenRequest[] = [];
  return {
    asked,
    token: (request) => {
      const token = tokens[asked.push(request) - 1] ?? "";
      return typeof token === "string" ? Promise.resolve(token) : Promise.reject(token);
    },
  };
}

function refusal(text = "Errors.Token.Invalid (AUTH-7fs1e)"): ConnectError {
  return AttemptError.with(new ConnectError(text, Code.Unauthenticated, { "x-request-id": "1" }), {
    httpStatus: 401,
  });
}

const sentTokens = ({ sent }: Run): (string | null)[] =>
  sent.map(({ authorization }) => authorization);

describe("the token of a call", () => {
  test.each<[string, Parameters<typeof auth>[0]]>([
    ["a fixed one", "t"],
    ["of a function", () => "t"],
    ["of a function that takes its time", async () => await Promise.resolve("t")],
    ["of a function that knows its end", () => ({ accessToken: "t", expiresAtMs: Infinity })],
    ["of a token source", source("t")],
  ])("is %s, instead of the caller's", async (_, given) => {
    const call = run(auth(given), ["ok"]);
    expect(await call.outcome).toBe("ok");
    expect(sentTokens(call)).toEqual(["Bearer t"]);
    expect(call.record).toMatchObject({ attempts: 1, secrets: ["t"] });
  });

  test.each<[string, AuthOptions, Partial<TokenRequest>]>([
    ["wherever the call goes", {}, { baseUrl: url, fetch: undefined }],
    [
      "the base URL, where there is one",
      { baseUrl: `${url}/x`, fetch },
      { baseUrl: `${url}/x`, fetch },
    ],
  ])("is requested by %s", async (_, options, expected) => {
    const tokens = source("t");
    await run(auth(tokens, options), ["ok"]).outcome;
    expect(tokens.asked).toMatchObject([expected]);
    expect(tokens.asked[0]?.signal).toBeInstanceOf(AbortSignal);
  });

  test("is not recorded without an outer layer", async () => {
    const { contextValues } = { contextValues: createContextValues() };
    expect(callOf(contextValues)).toBeUndefined();
    const next = vi.fn(() => Promise.resolve("ok"));
    const request = { stream: false, url, header: new Headers(), contextValues, method };
    const interceptor = auth("t")(next as unknown as Parameters<Interceptor>[0]);
    expect(await interceptor(request as unknown as UnaryRequest)).toBe("ok");
  });

  test("that is not available fails the call with the error of its source", async () => {
    const reason = new ConnectError("down", Code.Unavailable);
    const call = run(auth(source(reason)), []);
    expect(await call.outcome).toBe(reason);
    expect(call.sent).toEqual([]);
    expect(call.record.sent).toBe(false);
  });
});

describe("a token that the server rejects", () => {
  test("is replaced, and the call is sent once more", async () => {
    const tokens = source("t1", "t2");
    const call = run(auth(tokens), [refusal(), "ok"]);
    expect(await call.outcome).toBe("ok");
    expect(sentTokens(call)).toEqual(["Bearer t1", "Bearer t2"]);
    expect(tokens.asked.map(({ refused }) => refused)).toEqual([undefined, "t1"]);
    expect(call.record).toMatchObject({ attempts: 2, secrets: ["t1", "t2"] });
  });

  test("fails the call when the server rejects the new token too", async () => {
    const last = refusal("again");
    const call = run(auth(source("t1", "t2", "t3")), [refusal(), last]);
    expect(await call.outcome).toBe(last);
    expect(call.sent.length).toBe(2);
  });

  test.each<[string, Parameters<typeof auth>[0]]>([
    ["is fixed", "t"],
    ["comes from a function that has no other", () => "t"],
    ["comes from a token source that has no other", source("t", "t")],
  ])("does not cause a second attempt if it %s", async (_, given) => {
    const error = refusal();
    const call = run(auth(given), [error]);
    expect(await call.outcome).toBe(error);
    expect(call.record.attempts).toBe(1);
  });

  test("without a replacement gives an error with both reasons", async () => {
    const down = new ConnectError("the token endpoint cannot be reached", Code.Unavailable);
    const call = run(auth(source("t1", down)), [refusal()]);
    const error = await call.outcome;
    expect(error).toMatchObject({
      code: Code.Unauthenticated,
      rawMessage:
        "Errors.Token.Invalid (AUTH-7fs1e); no other token is available: the token endpoint cannot be reached",
    });
    expect((error as ConnectError).metadata.get("x-request-id")).toBe("1");
    expect(AttemptError.factsOf(error)).toEqual({ httpStatus: 401 });
    expect(call.sent.length).toBe(1);
  });

  test.each([Code.PermissionDenied, Code.Unavailable, Code.NotFound])(
    "differs from error %i",
    async (code) => {
      const error = new ConnectError("no", code);
      const tokens = source("t1", "t2");
      expect(await run(auth(tokens), [error]).outcome).toBe(error);
      expect(tokens.asked.length).toBe(1);
    },
  );

  test("is final for a stream", async () => {
    const error = refusal();
    const tokens = source("t1", "t2");
    const call = run(auth(tokens), [error], { stream: true });
    expect(await call.outcome).toBe(error);
    expect(sentTokens(call)).toEqual(["Bearer t1"]);
    expect(tokens.asked.length).toBe(1);
  });
});

describe("a token is not sent", () => {
  test.each<[string, AuthOptions, string, string]>([
    [
      "to another host",
      { baseUrl: url },
      "https://evil.test",
      "the token is for https://acme.test,",
    ],
    ["to another port", { baseUrl: url }, "https://acme.test:8443", "https://acme.test:8443"],
    ["to the same host unencrypted", { baseUrl: url }, "http://acme.test", "http://acme.test"],
    ["unencrypted over a network", {}, "http://acme.test", "unencrypted to acme.test"],
    ["unencrypted to a host with a local look", {}, "http://localhost.acme.test", "unencrypted"],
    ["to an address that is none", {}, "nowhere", "no absolute URL"],
  ])("%s, and is not requested", async (_, options, to, text) => {
    const tokens = source("t");
    const call = run(auth(tokens, options), ["ok"], { to });
    const error = await call.outcome;
    expect(error).toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: expect.stringContaining(text) as string,
    });
    expect(AttemptError.factsOf(error)).toEqual({ notDone: "unsent" });
    expect([call.sent, tokens.asked]).toEqual([[], []]);
  });

  test.each<[string, AuthOptions, string]>([
    ["to this machine", {}, "http://localhost:8080"],
    ["to this machine by number", {}, "http://127.0.0.1:8080"],
    [
      "over a network that the caller declares safe",
      { allowInsecureAuth: true },
      "http://acme.test",
    ],
    ["to the default port by name", { baseUrl: url }, "https://acme.test:443"],
  ])("but it is sent %s", async (_, options, to) => {
    expect(await run(auth("t", options), ["ok"], { to }).outcome).toBe("ok");
  });
});

describe("the deadline in the request", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is the time that is left, on both attempts", async () => {
    vi.useFakeTimers();
    const slow = (token: string): Promise<string> =>
      new Promise((resolve) => setTimeout(() => resolve(token), 400));
    const tokens: TokenSource = { token: ({ refused }) => slow(refused ? "t2" : "t1") };
    const call = run(auth(tokens), [refusal(), "ok"], { timeout: "1000m" });
    await vi.advanceTimersByTimeAsync(800);
    expect(await call.outcome).toBe("ok");
    expect(call.sent.map(({ timeout }) => timeout)).toEqual(["600m", "200m"]);
  });

  test("does not change if no time has passed, and is absent if there is none", async () => {
    vi.useFakeTimers();
    const timeouts = ["1S", undefined].map(async (timeout) => {
      const call = run(auth("t"), ["ok"], timeout === undefined ? {} : { timeout });
      await call.outcome;
      return call.sent[0]?.timeout;
    });
    expect(await Promise.all(timeouts)).toEqual(["1S", null]);
  });

  test.each([
    ["1000m", 0, "1000m"],
    ["1000m", 1.5, "999m"],
    ["2S", 500, "1500m"],
    ["1M", 1000, "59000m"],
    ["1H", 1000, "3599000m"],
    ["99999999H", 1000, "359999996399S"],
    ["5000000u", 1000, "4000m"],
    ["99999999n", 10, "90m"],
    ["10m", 20, "1m"],
    ["soon", 20, "soon"],
    ["123456789m", 20, "123456789m"],
  ])("%s after %d ms is %s", (value, elapsedMs, left) => {
    expect(shortenTimeout(value, elapsedMs)).toBe(left);
  });
});

test.each<[string, unknown, string]>([
  ["nothing", undefined, "must be a token, a function"],
  ["a number", 1, "must be a token, a function"],
  ["an object without token()", {}, "must be a token, a function"],
  ["an empty text", "", "not empty"],
  ["a header", "Bearer s3cret", 'without "Bearer"'],
  ["a line", "s3cret\n", "line breaks"],
])("%s is not a token source", (_, given, text) => {
  expect(() => toTokenSource(given as string)).toThrow(TypeError);
  expect(() => auth(given as string)).toThrow(text);
  expect(() => auth(given as string)).not.toThrow("s3cret");
});

const keyPair = createKeyPair();
const keyFile = {
  type: "serviceaccount",
  keyId: "300000000000000001",
  key: keyPair.privatePkcs1,
  userId: "200000000000000001",
} as const;
const pkcs8 = keyPair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const clientSecret = "pä ss:w+rd%&";

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    logSize: 10_000,
    seed: {
      organizations: [{ name: "org" }],
      serviceUsers: [
        {
          id: keyFile.userId,
          name: "ci bot",
          organization: "org",
          clientSecret,
          keys: [{ id: keyFile.keyId, publicKey: keyPair.publicSpki }],
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
  listener = await emulator.listen();
});
afterAll(() => emulator.close());
afterEach(() => emulator.reset());

const transports = {
  json: createJsonTransport,
  grpc: createGrpcTransport,
  "grpc-web": createGrpcWebTransport,
};

describe.each(wireNames)("against the emulator over %s", (wire) => {
  function client(
    tokens: Parameters<typeof auth>[0],
    before: Interceptor[] = [],
  ): ManagementClient {
    const baseUrl = listener.url;
    const transport: Transport = transports[wire]({
      baseUrl,
      interceptors: [...before, auth(tokens, { baseUrl })],
    });
    return createManagementClient(transport);
  }
  const tokenRequests = (): number =>
    emulator.log.filter(({ path }) => path === "/oauth/v2/token").length;

  test.each<[string, () => TokenSource]>([
    ["a service account with a PKCS#1 key", () => serviceAccount(keyFile)],
    ["a service account with a PKCS#8 key", () => serviceAccount({ ...keyFile, key: pkcs8 })],
    ["client credentials", () => clientCredentials({ clientId: "ci bot", clientSecret })],
  ])("%s is accepted, and replaced after its token is rejected", async (_, tokens) => {
    const management = client(tokens());
    await management.listProviders({});
    await management.listProviders({});
    expect(tokenRequests()).toBe(1);
    emulator.inject({ rpc: "AddGenericOIDCProvider", times: 1, fault: { type: "stale-token" } });
    const { id } = await management.addGenericOIDCProvider({
      name: "Acme",
      issuer: "https://idp.test",
      clientId: "id",
      clientSecret: "secret",
      usePkce: true,
    });
    expect(tokenRequests()).toBe(2);
    const { result } = await management.listProviders({});
    expect(result.map((each) => each.id)).toEqual([id]);
  });

  test("a thousand parallel calls need one token, and a hundred one more after the server forgot it", async () => {
    const tokens = serviceAccount(keyFile);
    const call = async (count: number): Promise<void> => {
      const management = client(tokens);
      await Promise.all(Array.from({ length: count }, () => management.getLoginPolicy({})));
    };
    await call(1000);
    expect(tokenRequests()).toBe(1);
    // Forgets the token and the request for it.
    emulator.reset();
    await call(100);
    expect(tokenRequests()).toBe(1);
  }, 30_000);

  test("a token that is rejected again and again fails the call", async () => {
    emulator.inject({ rpc: "ListProviders", fault: { type: "stale-token" } });
    await expect(client(serviceAccount(keyFile)).listProviders({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
    });
    expect(tokenRequests()).toBe(2);
  });

  test("a function replaces the rejected token", async () => {
    const given: (string | undefined)[] = [];
    const good = serviceAccount(keyFile);
    const management = client(async (request) => {
      given.push(request.refused);
      return request.refused === undefined ? "wrong" : await good.token(request);
    });
    await management.listProviders({});
    expect(given).toEqual([undefined, "wrong"]);
  });

  test("an error explains that a user does not exist", async () => {
    const management = client(serviceAccount({ ...keyFile, userId: "1" }));
    await expect(management.listProviders({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
      message: expect.stringContaining("still has the key 300000000000000001") as string,
    });
  });

  test("an error explains that a host is not an instance", async () => {
    const baseUrl = `http://127.0.0.1:${listener.port}`;
    const transport = transports[wire]({ baseUrl, interceptors: [auth(serviceAccount(keyFile))] });
    await expect(createManagementClient(transport).listProviders({})).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      message: expect.stringContaining(`is ${baseUrl} the instance's own address?`) as string,
    });
  });

  test("an interceptor that sends the call to another server gets no token", async () => {
    const elsewhere: Interceptor = (next) => (request) =>
      next({ ...request, url: request.url.replace("localhost", "127.0.0.1") });
    await expect(
      client(
        createTokenSource(() => "t"),
        [elsewhere],
      ).listProviders({}),
    ).rejects.toMatchObject({ code: Code.FailedPrecondition });
    expect(emulator.log.length).toBe(0);
  });

  test("a call that ends during the wait for its token ends at once", async () => {
    emulator.inject({ path: "/oauth/v2/token", fault: { type: "delay", ms: 500 } });
    const management = client(serviceAccount(keyFile));
    await expect(management.listProviders({}, { timeoutMs: 100 })).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
    });
    const controller = new AbortController();
    const aborted = management.listProviders({}, { signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: Code.Canceled });
    // Both waited for the same request, which goes on for the next call.
    await management.listProviders({});
    expect(tokenRequests()).toBe(1);
  });
});
