import type { Interceptor, Transport } from "@connectrpc/connect";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Code,
  ConnectError,
  createIdpClient,
  type IdpClientOptions,
  type Protocol,
} from "zitadel-idp";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import { ErrorDetailSchema } from "zitadel-idp/idp";
import { methods } from "../src/emulator/methods.js";
import { listenOnLoopback, type RunningServer } from "./support/listen-on-loopback.js";

const wires: Protocol[] = ["grpc", "grpc-web", "json"];
const provider = {
  name: "Acme",
  issuer: "https://acme.test",
  clientId: "id",
  clientSecret: "s3cret",
};

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [
        { id: "1001", name: "first" },
        { id: "1002", name: "second" },
      ],
      serviceUsers: [
        {
          name: "owner",
          organization: "first",
          token: "owner-token",
          instanceRoles: ["IAM_OWNER"],
        },
      ],
    },
  });
  listener = await emulator.listen();
});
afterAll(() => emulator.close());

const options = (more: Partial<IdpClientOptions> = {}): IdpClientOptions => ({
  baseUrl: listener.url,
  auth: "owner-token",
  ...more,
});

describe.each(wires)("a client over %s", (protocol) => {
  test("adds, reads, lists, updates and deletes", async () => {
    await using client = createIdpClient(options({ protocol }));
    expect(client.protocol).toBe(protocol);
    const { id, details } = await client.management.addGenericOIDCProvider({
      ...provider,
      usePkce: true,
    });
    expect(details?.resourceOwner).toBe("1001");
    await client.management.updateGenericOIDCProvider({
      id,
      name: "Acme 2",
      issuer: provider.issuer,
      clientId: "id",
    });
    const { idp } = await client.management.getProviderByID({ id });
    expect(idp).toMatchObject({
      name: "Acme 2",
      config: { config: { case: "oidc", value: { usePkce: false } } },
    });
    const list = await client.management.listProviders({
      queries: [{ query: { case: "idpIdQuery", value: { id } } }],
    });
    expect(list.result.map((each) => each.id)).toEqual([id]);
    await client.management.deleteProvider({ id });
    await expect(client.management.getProviderByID({ id })).rejects.toMatchObject({
      code: Code.NotFound,
    });
  });

  test("works in the given organization, and withOrg changes it", async () => {
    await using client = createIdpClient(options({ protocol, orgId: "1002" }));
    const second = await client.management.addGenericOIDCProvider(provider);
    const first = await client.withOrg("1001").management.addGenericOIDCProvider(provider);
    expect([second.details?.resourceOwner, first.details?.resourceOwner]).toEqual(["1002", "1001"]);
    expect(() => client.withOrg("")).toThrow("option orgId");
  });

  test("a header of the call takes precedence over the organization of the client", async () => {
    await using client = createIdpClient(options({ protocol, orgId: "1002" }));
    const { details } = await client.management.addGenericOIDCProvider(provider, {
      headers: { "x-zitadel-orgid": "1001" },
    });
    expect(details?.resourceOwner).toBe("1001");
  });

  test("without a token gets an error that explains it", async () => {
    await using client = createIdpClient(options({ protocol, auth: undefined }));
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.Unauthenticated,
      rawMessage: "auth header missing",
    });
  });

  test("interceptors of the caller see a call before the token is added, and its response last", async () => {
    const seen: unknown[] = [];
    const spy: Interceptor = (next) => async (request) => {
      seen.push([
        request.method.name,
        request.header.has("authorization"),
        request.header.get("x-mine"),
      ]);
      const response = await next(request);
      seen.push(response.stream);
      return response;
    };
    await using client = createIdpClient(
      options({ protocol, interceptors: [spy], headers: { "x-mine": "1" } }),
    );
    await client.admin.listProviders({});
    expect(seen).toEqual([["ListProviders", false, null], false]);
  });

  test("a closed client rejects new calls, after open ones have ended", async () => {
    const client = createIdpClient(options({ protocol }));
    const running = client.management.listProviders({});
    const closing = client.close();
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: "the client is closed: create a new one",
    });
    await expect(running).resolves.toMatchObject({
      $typeName: "zitadel.management.v1.ListProvidersResponse",
    });
    await closing;
    await client.close();
  });
});

test("the JSON client works on the emulator without a network", async () => {
  const client = createIdpClient({
    baseUrl: emulator.url,
    auth: "owner-token",
    fetch: emulator.fetch,
  });
  expect(client.protocol).toBe("json");
  await expect(client.admin.listProviders({})).resolves.toMatchObject({ result: [] });
});

describe.each(wires)("a call to a server that never responds ends over %s", (protocol) => {
  let silent: Server;
  let running: RunningServer;
  let baseUrl: string;
  beforeAll(async () => {
    silent = createServer();
    running = await listenOnLoopback(silent);
    baseUrl = running.url;
  });
  afterAll(() => running.close());

  test("at the deadline", async () => {
    const client = createIdpClient({ baseUrl, protocol, timeoutMs: 50 });
    await expect(client.admin.listProviders({})).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
      rawMessage: "the call did not finish within its timeout of 50 ms",
    });
    await client.close();
  });

  test("when the caller aborts", async () => {
    const client = createIdpClient({ baseUrl, protocol });
    const abort = new AbortController();
    silent.once("connection", () => abort.abort());
    const call = client.admin.listProviders({}, { signal: abort.signal });
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
    await client.close();
  });
});

describe("the three protocols give the same error", () => {
  interface Failure {
    code: Code;
    message: string;
    details: unknown[];
  }
  async function callRpc(
    protocol: Protocol,
    service: string,
    method: string,
  ): Promise<Failure | "ok"> {
    await using client = createIdpClient(options({ protocol }));
    const desc = methods.get(service)?.get(method);
    if (desc === undefined) {
      throw new Error(`no RPC ${service}/${method}`);
    }
    // Every string of the request that is part of a path has a value, and no other field has.
    const request = Object.fromEntries(
      desc.input.fields
        .filter((field) => /^(id|idp_id|user_id|linked_user_id)$/.test(field.name))
        .map((field) => [field.localName, "1"]),
    );
    try {
      await client.transport.unary(desc, undefined, undefined, undefined, request);
      return "ok";
    } catch (error) {
      const failure = ConnectError.from(error);
      return {
        code: failure.code,
        message: failure.rawMessage,
        details: failure.findDetails(ErrorDetailSchema),
      };
    }
  }
  const rpcs = [...methods].flatMap(([service, byName]) =>
    [...byName.keys()].map((method) => [service, method] as const),
  );

  test("the services have 97 RPCs", () => expect(rpcs.length).toBe(97));

  test.each(rpcs)("%s/%s", async (service, method) => {
    const results: (Failure | "ok")[] = [];
    for (const wire of wires) {
      // Some of these calls succeed, but only once.
      emulator.reset();
      results.push(await callRpc(wire, service, method));
    }
    const [grpc, grpcWeb, json] = results;
    expect(grpcWeb).toEqual(grpc);
    expect(json).toEqual(grpc);
  });
});

describe("a client over a transport of the caller", () => {
  const transport: Transport = {
    unary: () => Promise.reject(new ConnectError("no route", Code.Unimplemented)),
    stream: () => Promise.reject(new ConnectError("no route", Code.Unimplemented)),
  };

  test("has no protocol, and calls the transport", async () => {
    const client = createIdpClient({ transport, auth: "token" });
    expect(client.protocol).toBeUndefined();
    await expect(client.management.listProviders({})).rejects.toMatchObject({
      code: Code.Unimplemented,
      rawMessage: "no route",
    });
  });

  test.each<[string, object, string]>([
    ["something else", { transport: {} }, "option transport: must be a Connect transport"],
    ["a protocol", { transport, protocol: "json" }, "option protocol: has no effect"],
    [
      "a time to connect",
      { transport, connectTimeoutMs: 1 },
      "option connectTimeoutMs: has no effect",
    ],
    [
      "a limit of the transport",
      { transport, limits: { maxResponseBytes: 1 } },
      "option limits.maxResponseBytes: has no effect",
    ],
    [
      "a token source without the server that it asks",
      { transport, auth: () => "token" },
      "option baseUrl: is required, because auth requests tokens for it",
    ],
  ])("rejects %s", (_, invalid, message) => {
    expect(() => createIdpClient(invalid as never)).toThrow(message);
  });

  test("takes the limit for token responses", () => {
    const limits = { maxTokenResponseBytes: 1000 };
    expect(() => createIdpClient({ transport, auth: "token", limits })).not.toThrow();
  });
});
