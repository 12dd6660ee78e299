import { createGrpcTransport as createConnectTransport } from "@connectrpc/connect-node";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import {
  Code,
  ConnectError,
  createIdpClient,
  type IdpClientOptions,
  type TransportClientOptions,
} from "zitadel-idp";
import { createManagementClient, type ManagementClient } from "zitadel-idp/management";
import { auth, withErrors, withRetry } from "zitadel-idp/policy";
import { createGrpcTransport } from "../../src/grpc-transport.js";
import { createGrpcWebTransport } from "../../src/grpc-web-transport.js";
import { failureOf } from "../support/failure.js";
import { useEmulator } from "../support/use-emulator.js";
import { wireNames } from "../support/wires.js";

const { emulator, listener, client } = await useEmulator();

const coded = (code: string, more: object = {}): Error =>
  Object.assign(new Error("x"), { code, ...more });
const causedBy = (cause: Error): ConnectError =>
  new ConnectError("audit", Code.Internal, undefined, undefined, cause);

/** Errors of an interceptor that look like errors of a transport or of ZITADEL, by their text, their cause or their headers. */
const errors: Record<string, () => unknown> = {
  "a text about encoding": () =>
    new ConnectError("serialize binary: the audit log is full", Code.Internal),
  "a text about a ping": () => new ConnectError("PING timed out in my interceptor", Code.Internal),
  "a text about an aborted connection": () => new ConnectError("connection aborted", Code.Canceled),
  "a text about a closed stream": () =>
    new ConnectError("http/2 stream closed with error code HTTP_1_1_REQUIRED (0xd)", Code.Internal),
  "a text about missing trailers": () => new ConnectError("missing trailer", Code.Unknown),
  "a text about a redirect": () =>
    new ConnectError("the server answered with a redirect", Code.Unknown),
  "a text about a login page": () =>
    new ConnectError("the server answered HTTP 200 with a page to log in", Code.Unknown),
  "a text about TLS": () =>
    new ConnectError("the server answered HTTP 400 with the message that this port is for TLS"),
  "a text about a connection": () =>
    causedBy(new Error("the connection was not ready in time (connectTimeoutMs)")),
  "the cause of a failed fetch": () => new TypeError("fetch failed"),
  "the code of a refused connection": () => causedBy(coded("ECONNREFUSED", { syscall: "connect" })),
  "the code of a reset connection": () => causedBy(coded("ECONNRESET", { syscall: "read" })),
  "the headers of another gRPC call": () =>
    new ConnectError("denied", Code.PermissionDenied, { "grpc-status": "7" }),
};

/** Creates an interceptor that throws after the response has arrived. */
function throwAfter(create: () => unknown): Interceptor {
  return (next) => async (request) => {
    await next(request);
    throw create();
  };
}

/** Deletes a provider through an interceptor that throws after the response, and expects that nothing is concluded from its error. */
async function expectUnexplained(management: ManagementClient): Promise<void> {
  const { id } = await client.management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
  const error = await failureOf(management.deleteProvider({ id }));
  expect(error).toMatchObject({ outcome: "unknown", attempts: 1 });
  expect([error.reason, error.hint, error.httpStatus]).toEqual([undefined, undefined, undefined]);
  expect(emulator.log.filter(({ rpc }) => rpc === "DeleteProvider")).toHaveLength(1);
}

describe.each(wireNames)("over %s, a sent call whose interceptor throws", (protocol) => {
  test.each(Object.entries(errors))(
    "%s has an unknown outcome, and is not sent again",
    async (_, create) => {
      const options: IdpClientOptions = {
        baseUrl: listener.url,
        auth: emulator.token,
        protocol,
        retry: { initialPauseMs: 0 },
        interceptors: [throwAfter(create)],
      };
      await using other = createIdpClient(options);
      await expectUnexplained(other.management);
    },
  );
});

describe("over a transport of Connect, a sent call whose interceptor in the client throws", () => {
  test.each(Object.entries(errors))(
    "%s has an unknown outcome, and is not sent again",
    async (_, create) => {
      const options: TransportClientOptions = {
        transport: createConnectTransport({ baseUrl: listener.url }),
        baseUrl: listener.url,
        auth: emulator.token,
        retry: { initialPauseMs: 0 },
        interceptors: [throwAfter(create)],
      };
      await using other = createIdpClient(options);
      await expectUnexplained(other.management);
    },
  );
});

describe.each<[string, (options: { baseUrl: string; interceptors: Interceptor[] }) => Transport]>([
  ["Connect", createConnectTransport],
  ["this package", createGrpcTransport],
])("over a transport of %s with auth(), a first attempt whose token is rejected", (_, create) => {
  const connect = (tokens: readonly (string | undefined)[]): ManagementClient => {
    let requests = 0;
    const supplier = async (): Promise<string> => {
      const token = tokens[requests++];
      return token === undefined ? await Promise.reject(new Error("no token")) : token;
    };
    const { url: baseUrl } = listener;
    const transport = create({ baseUrl, interceptors: [auth(supplier, { baseUrl })] });
    return createManagementClient(withErrors(withRetry(transport, { initialPauseMs: 0 })));
  };

  test("does not count as a delete whose object is missing afterwards", async () => {
    const management = connect(["rejected", emulator.token]);
    expect(await failureOf(management.deleteProvider({ id: "404" }))).toMatchObject({
      code: Code.NotFound,
      outcome: "not_done",
      attempts: 2,
    });
  });

  test("is not done if there is no other token", async () => {
    const management = connect(["rejected", undefined]);
    const call = management.addGoogleProvider({ clientId: "c", clientSecret: "s" });
    expect(await failureOf(call)).toMatchObject({
      code: Code.Unauthenticated,
      outcome: "not_done",
    });
  });
});

test("an error of an interceptor stays one if a transport of the caller passes it on", async () => {
  const inner = createGrpcWebTransport({
    baseUrl: listener.url,
    interceptors: [auth(emulator.token ?? ""), throwAfter(() => causedBy(coded("ECONNREFUSED")))],
  });
  const layer: Transport = {
    unary: (...call) => inner.unary(...call),
    stream: (...call) => inner.stream(...call),
  };
  await expectUnexplained(
    createManagementClient(withErrors(withRetry(layer, { initialPauseMs: 0 }))),
  );
});

test("over a transport of Connect, a request that cannot be encoded fails as over ours", async () => {
  const transport = createConnectTransport({ baseUrl: listener.url });
  await using ours = createIdpClient({ baseUrl: listener.url, auth: "t", protocol: "grpc" });
  await using theirs = createIdpClient({ baseUrl: listener.url, auth: "t", transport });
  const input = { providerOptions: "x" } as object;
  const [expected, actual] = await Promise.all(
    [ours, theirs].map(({ management }) => failureOf(management.addGoogleProvider(input))),
  );
  expect(expected).toMatchObject({
    code: Code.InvalidArgument,
    reason: "request",
    rawMessage: expect.stringMatching(
      /^the request cannot be encoded: cannot use field /,
    ) as string,
  });
  expect(expected?.outcome).toBe("not_done");
  const { code, reason, rawMessage } = expected ?? {};
  expect(actual).toMatchObject({ code, reason, rawMessage, attempts: 1 });
});
