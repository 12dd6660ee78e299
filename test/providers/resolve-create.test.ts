import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { createEmulator, type Emulator, type EmulatorOptions } from "zitadel-idp/emulator";
import { type Provider, ProviderSchema } from "zitadel-idp/idp";
import { AddGoogleProviderRequestSchema, type ManagementClient } from "zitadel-idp/management";
import { createJsonTransport } from "zitadel-idp/transport/json";
import {
  type CandidateReason,
  resolveCreate,
  UnresolvedCreateError,
} from "../../src/providers/index.js";
import {
  type Add,
  adds,
  type AnyClient,
  bearer,
  call,
  clientOver,
  resolve,
  type Side,
  wires,
} from "./add-rpcs.js";

const closing: AsyncDisposable[] = [];
afterEach(() => void vi.useRealTimers());
// Wait at the end, because some tests run concurrently: most of their time is the wait for a second look.
afterAll(async () => {
  await Promise.all(closing.map((each) => each[Symbol.asyncDispose]()));
});

interface EmulatorFixture {
  readonly emulator: Emulator;
  readonly url: string;
}

async function start(options: EmulatorOptions = {}): Promise<EmulatorFixture> {
  const emulator = createEmulator(options);
  closing.push(emulator);
  return { emulator, url: (await emulator.listen()).url };
}

function connect({ emulator, url }: EmulatorFixture, side: Side, wire = "json"): AnyClient {
  const open = wires[wire];
  if (open === undefined) {
    throw new Error(`no wire ${wire}`);
  }
  return clientOver(open(url, emulator.token), side);
}

function management(fixture: EmulatorFixture): ManagementClient {
  return connect(fixture, "management") as ManagementClient;
}

/** Creates a client that calls the emulator in the same process, as if a proxy removed all headers that show the server's clock. */
function withoutDates({ emulator }: { emulator: Emulator }, side: Side = "management"): AnyClient {
  const { url: baseUrl, token } = emulator;
  const fetch: typeof globalThis.fetch = async (...args) => {
    const response = await emulator.fetch(...args);
    response.headers.delete("date");
    response.headers.delete("expires");
    return response;
  };
  return clientOver(createJsonTransport({ baseUrl, fetch, interceptors: [bearer(token)] }), side);
}

/** Creates the prerequisites of an Add, and returns its request. */
async function prepare(client: AnyClient, { side, family, request }: Add): Promise<Add["request"]> {
  if (family !== "link") {
    return request;
  }
  const { id } = await call(client, "addGoogleProvider", { clientId: "linked", clientSecret: "s" });
  if (side === "admin") {
    return { idpId: id };
  }
  await call(client, "addCustomLoginPolicy", {});
  return { idpId: id, ownerType: 2 };
}

/** Calls an Add whose response is lost, before or after the server has processed the call. */
async function lose(
  { emulator }: EmulatorFixture,
  client: AnyClient,
  { rpc, method, request }: Pick<Add, "rpc" | "method" | "request">,
  when: "before" | "after",
): Promise<Date> {
  const since = new Date();
  emulator.inject({ rpc, times: 1, fault: { type: "drop", when } });
  await expect(call(client, method, request)).rejects.toBeInstanceOf(ConnectError);
  return since;
}

async function failure(resolving: Promise<unknown>): Promise<UnresolvedCreateError> {
  const error = await resolving.then(
    (result) => ({ result }),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UnresolvedCreateError);
  return error as UnresolvedCreateError;
}

function reasons({ candidates }: UnresolvedCreateError): (readonly [string, CandidateReason])[] {
  return candidates.map(({ id, reason }) => [id, reason] as const);
}

test("the two clients have 33 methods that create something", () => {
  expect(adds.length).toBe(33);
});

// Use another wire protocol for each service: one over HTTP/1.1, one over HTTP/2.
const wireOf: Readonly<Record<Side, string>> = { management: "json", admin: "grpc" };

describe.concurrent.each(adds)("$side $method", (add) => {
  const wire = wireOf[add.side];

  test(`is found after its response was lost over ${wire}`, async () => {
    const fixture = await start();
    const client = connect(fixture, add.side, wire);
    const request = await prepare(client, add);
    const since = await lose(fixture, client, { ...add, request }, "after");
    const { id, object } = await resolve(client, add.method, request, { since });

    // Find the object independently of the search: it has the newest id that the emulator assigned.
    const { result } = (await call(client, "listProviders", {})) as { result: Provider[] };
    const newest = result.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))[0];
    expect(id).toBe(add.family === "policy" ? fixture.emulator.orgId : newest?.id);
    if (add.family === "provider") {
      expect(object).toEqual(newest);
    }
  });

  test(`is not found if the call was lost over ${wire} before the server processed it`, async () => {
    const fixture = await start();
    const client = connect(fixture, add.side, wire);
    const request = await prepare(client, add);
    const since = await lose(fixture, client, { ...add, request }, "before");
    const error = await failure(resolve(client, add.method, request, { since, timeoutMs: 0 }));
    expect(error.candidates).toEqual([]);
    expect(error.message).toMatch(/^add\w+: .*no object with its content/);
  });
});

describe.each(adds.filter(({ family }) => family === "provider" || family === "legacy"))(
  "$side $method",
  (add) => {
    test("does not match a duplicate that existed before", async () => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() - 10_000 });
      const emulator = createEmulator();
      const fixture = { emulator, url: (await emulator.listen()).url };
      closing.push(emulator);
      const { id, idpId = id } = await call(
        withoutDates(fixture, add.side),
        add.method,
        add.request,
      );
      vi.useRealTimers();
      const client = connect(fixture, add.side);
      const since = await lose(fixture, client, add, "before");
      const error = await failure(
        resolve(client, add.method, add.request, { since, timeoutMs: 0 }),
      );
      expect(reasons(error)).toEqual([[idpId, "earlier"]]);
      expect(error.message).toContain(String(idpId));
    });
  },
);

describe.concurrent.each(adds.filter(({ family }) => family === "provider"))(
  "$side $method",
  (add) => {
    test("is found next to a duplicate that existed before", async () => {
      const fixture = await start();
      const client = connect(fixture, add.side);
      const { id: known } = await call(client, add.method, add.request);
      const since = await lose(fixture, client, add, "after");
      const { id } = await resolve(client, add.method, add.request, {
        since,
        known: [String(known)],
      });
      expect(id).not.toBe(known);
    });

    test("is not distinguished from a duplicate that was created at the same time", async () => {
      const fixture = await start();
      const client = connect(fixture, add.side);
      const since = await lose(fixture, client, add, "after");
      const { id: twin } = await call(connect(fixture, add.side), add.method, add.request);
      const error = await failure(resolve(client, add.method, add.request, { since }));
      expect(reasons(error)).toHaveLength(2);
      expect(reasons(error)[1]).toEqual([twin, "several"]);
    });

    test("is not searched for in the other owner's providers", async () => {
      const fixture = await start();
      const other = add.side === "admin" ? "management" : "admin";
      await call(connect(fixture, other), add.method, add.request);
      const client = connect(fixture, add.side);
      const error = await failure(
        resolve(client, add.method, add.request, { since: new Date(), timeoutMs: 0 }),
      );
      expect(error.candidates).toEqual([]);
    });
  },
);

const google = { name: "g", clientId: "c", clientSecret: "planted-secret" };
const addGoogle = { rpc: "AddGoogleProvider", method: "addGoogleProvider", request: google };

describe("the search", () => {
  test("continues until lagging lists have caught up", async () => {
    const fixture = await start({ lagMs: 400 });
    const client = management(fixture);
    const since = await lose(fixture, client, addGoogle, "after");
    const { object } = await resolveCreate(client, "addGoogleProvider", google, { since });
    expect(object.name).toBe("g");
  });

  test("finds an object that the server creates during the search", async () => {
    const added: Promise<unknown>[] = [];
    const fixture = await start({
      onRequest: ({ rpc }) => {
        if (rpc === "ListProviders" && added.length === 0) {
          added.push(call(withoutDates(fixture), "addGoogleProvider", google));
        }
      },
    });
    const { id } = await resolveCreate(management(fixture), "addGoogleProvider", google, {
      since: new Date(),
    });
    expect(await added[0]).toMatchObject({ id });
  });

  test("looks once more for a duplicate", async () => {
    const added: Promise<unknown>[] = [];
    const fixture = await start({
      onRequest: ({ rpc }) => {
        if (rpc === "ListProviders" && added.length === 0) {
          added.push(call(withoutDates(fixture), "addGoogleProvider", google));
        }
      },
    });
    const client = management(fixture);
    const since = await lose(fixture, client, addGoogle, "after");
    const error = await failure(resolveCreate(client, "addGoogleProvider", google, { since }));
    expect(error.candidates.map(({ reason }) => reason)).toEqual(["several", "several"]);
  });

  const jwt = { name: "j", issuer: "i", jwtEndpoint: "j", keysEndpoint: "k", headerName: "h" };

  test.each<{
    name: string;
    method: string;
    request: Add["request"];
    list: string;
    change: (client: ManagementClient, id: string) => Promise<unknown>;
  }>([
    {
      name: "a deleted duplicate",
      method: "addGoogleProvider",
      request: google,
      list: "listProviders",
      change: (client, id) => client.deleteProvider({ id }),
    },
    {
      name: "a duplicate whose content has changed",
      method: "addGoogleProvider",
      request: google,
      list: "listProviders",
      change: (client, id) => client.updateGoogleProvider({ ...google, id, clientId: "other" }),
    },
    {
      name: "a removed legacy duplicate",
      method: "addOrgJWTIDP",
      request: jwt,
      list: "listOrgIDPs",
      change: (client, idpId) => client.removeOrgIDP({ idpId }),
    },
  ])("does not match $name that lists still show", async ({ method, request, list, change }) => {
    const fixture = await start({ lagMs: 300 });
    const client = management(fixture);
    const listed = async (): Promise<{ name: string; config: unknown }[]> =>
      (await call(client, list, {}))["result"] as { name: string; config: unknown }[];
    const { id, idpId = id } = await call(client, method, request);
    const before = await vi.waitUntil(async () => (await listed())[0]);
    await change(client, String(idpId));
    const since = new Date(Date.now() - 1000);
    const error = await failure(resolve(client, method, request, { since, timeoutMs: 0 }));
    expect(error.candidates).toEqual([]);
    // The list lagged behind the whole time.
    expect((await listed())[0]).toEqual(before);
  });

  test.each([
    { method: "addGitHubProvider", name: " n " },
    { method: "addGoogleProvider", name: "" },
    { method: "addGenericOIDCProvider", name: " %_\u0085" },
  ])(
    "finds the object of $method with the name '$name', in its stored form",
    async ({ method, name }) => {
      const fixture = await start();
      const client = management(fixture);
      const issuer = method.includes("OIDC") ? { issuer: "i" } : {};
      const request = { ...google, ...issuer, name };
      const since = new Date();
      const { id } = await call(client, method, request);
      const found = await resolve(client, method, request, { since, timeoutMs: 0 });
      expect(found.id).toBe(id);
    },
  );

  test("retries reads that fail temporarily", async () => {
    const fixture = await start();
    const client = management(fixture);
    const since = await lose(fixture, client, addGoogle, "after");
    fixture.emulator.inject({ rpc: "ListProviders", times: 2, fault: { type: "drop" } });
    fixture.emulator.inject({
      rpc: "GetProviderByID",
      times: 1,
      fault: { type: "status", code: Code.Unavailable },
    });
    const { id } = await resolveCreate(client, "addGoogleProvider", google, { since });
    expect((await client.listProviders({})).result.map((each) => each.id)).toEqual([id]);
  });

  test("reports that the last read failed", async () => {
    const fixture = await start();
    fixture.emulator.inject({ rpc: "ListProviders", fault: { type: "drop" } });
    const error = await failure(
      resolveCreate(management(fixture), "addGoogleProvider", google, {
        since: new Date(),
        timeoutMs: 200,
      }),
    );
    expect(error.message).toContain("the search for it failed too");
    expect(error.cause).toBeInstanceOf(ConnectError);
  });

  test.each([
    { name: "permission", code: Code.PermissionDenied, id: "AUTH-5mWD2" },
    { name: "any role", code: Code.NotFound, id: "AUTHZ-cdgFk" },
  ])("fails at once without $name", async ({ code, id }) => {
    const fixture = await start();
    const client = management(fixture);
    const since = await lose(fixture, client, addGoogle, "after");
    for (const rpc of ["ListProviders", "GetProviderByID"]) {
      const fault = fixture.emulator.inject({ rpc, fault: { type: "status", code, id } });
      const error = await failure(resolveCreate(client, "addGoogleProvider", google, { since }));
      expect(error.cause).toMatchObject({ code });
      expect(fault.hits, rpc).toBe(1);
      fault.remove();
    }
  });

  test("ends at once when the signal aborts", async () => {
    const fixture = await start();
    const controller = new AbortController();
    const resolving = resolveCreate(management(fixture), "addGoogleProvider", google, {
      since: new Date(),
      signal: controller.signal,
    });
    await vi.waitUntil(() => fixture.emulator.log.length > 0);
    controller.abort();
    await expect(resolving).rejects.toMatchObject({ code: Code.Canceled });
    const before = fixture.emulator.log.length;
    await expect(
      resolveCreate(management(fixture), "addGoogleProvider", google, {
        since: new Date(),
        signal: controller.signal,
      }),
    ).rejects.toMatchObject({ code: Code.Canceled });
    expect(fixture.emulator.log.length).toBe(before);
  });

  test("only reads", async () => {
    const fixture = await start();
    for (const add of adds) {
      const client = connect(fixture, add.side);
      await resolve(client, add.method, add.request, { since: new Date(), timeoutMs: 0 }).catch(
        () => undefined,
      );
    }
    expect(fixture.emulator.log.length).toBeGreaterThanOrEqual(adds.length);
    const names = fixture.emulator.log.map(({ rpc }) => rpc ?? "");
    expect(names.filter((name) => !/^(Get|List)/.test(name))).toEqual([]);
  });

  test("sends the given headers, such as the organization of the call", async () => {
    const emulator = createEmulator({
      seed: {
        organizations: [{ name: "one" }, { id: "220000000000000001", name: "two" }],
        serviceUsers: [
          { name: "u", organization: "one", token: "t", instanceRoles: ["IAM_OWNER"] },
        ],
      },
    });
    closing.push(emulator);
    const fixture = { emulator, url: (await emulator.listen()).url };
    const headers = { "x-zitadel-orgid": "220000000000000001" };
    const client = management(fixture);
    const since = new Date();
    const { id } = await client.addGoogleProvider(google, { headers });
    const options = { since, timeoutMs: 0 };
    const error = await failure(resolveCreate(client, "addGoogleProvider", google, options));
    expect(error.candidates).toEqual([]);
    const found = await resolveCreate(client, "addGoogleProvider", google, { ...options, headers });
    expect(found.id).toBe(id);
  });

  test("accepts a request as a message and as an init object", async () => {
    const fixture = await start();
    const client = management(fixture);
    const request = create(AddGoogleProviderRequestSchema, google);
    const since = await lose(fixture, client, { ...addGoogle, request: { ...request } }, "after");
    const { object } = await resolveCreate(client, "addGoogleProvider", request, { since });
    expect(object).toMatchObject({ $typeName: ProviderSchema.typeName, name: "g" });
    expect(request).toEqual(create(AddGoogleProviderRequestSchema, google));
  });
});

describe("without the server's clock", () => {
  test("no match is certain", async () => {
    const fixture = { emulator: createEmulator() };
    const client = withoutDates(fixture);
    const since = new Date();
    const { id } = await call(client, "addGoogleProvider", google);
    const options = { since, timeoutMs: 0 };
    const error = await failure(resolve(client, "addGoogleProvider", google, options));
    expect(reasons(error)).toEqual([[id, "undated"]]);
    expect(error.message).toContain("known");
  });

  test("the ids that existed before are sufficient", async () => {
    const fixture = { emulator: createEmulator() };
    const client = withoutDates(fixture);
    const { id: before } = await call(client, "addGoogleProvider", google);
    const { id } = await call(client, "addGoogleProvider", google);
    const options = { since: new Date(), timeoutMs: 0 };
    const found = await resolve(client, "addGoogleProvider", google, {
      ...options,
      known: [String(before)],
    });
    expect(found.id).toBe(id);
    const known = [String(before), String(id)];
    const error = await failure(
      resolve(client, "addGoogleProvider", google, { ...options, known }),
    );
    expect(reasons(error)).toEqual([
      [before, "known"],
      [id, "known"],
    ]);
  });
});

describe("unique names and places", () => {
  const oidc = { name: "Taken", issuer: "i", clientId: "c", clientSecret: "s" };
  test.each<{ side: Side; method: string }>([
    { side: "management", method: "addOrgOIDCIDP" },
    { side: "admin", method: "addOIDCIDP" },
  ])("a legacy IDP with the name of $method ends the search at once", async ({ side, method }) => {
    const fixture = await start();
    const client = connect(fixture, side);
    const { idpId } = await call(client, method, { ...oidc, name: "tAKEN" });
    const error = await failure(resolve(client, method, oidc, { since: new Date() }));
    expect(reasons(error)).toEqual([[idpId, "different"]]);
    expect(fixture.emulator.log.filter(({ rpc }) => rpc?.startsWith("List"))).toHaveLength(1);
  });

  test("an existing login policy with other content ends the search at once", async () => {
    const fixture = await start();
    const client = management(fixture);
    await client.addCustomLoginPolicy({ forceMfa: true });
    const error = await failure(
      resolveCreate(client, "addCustomLoginPolicy", { forceMfa: false }, { since: new Date() }),
    );
    expect(reasons(error)).toEqual([[fixture.emulator.orgId, "different"]]);
  });

  test("a login policy and its links match, no matter who created them", async () => {
    const fixture = await start();
    const client = management(fixture);
    const { id: idpId } = await client.addGoogleProvider(google);
    const request = { forceMfa: true, idps: [{ idpId, ownerType: 2 }] };
    await client.addCustomLoginPolicy(request);
    const options = { since: new Date(Date.now() + 60_000), timeoutMs: 0 };
    const policy = await resolveCreate(client, "addCustomLoginPolicy", request, options);
    expect(policy.object.idps.map((link) => link.idpId)).toEqual([idpId]);
    const link = { idpId, ownerType: 2 };
    const { object } = await resolveCreate(client, "addIDPToLoginPolicy", link, options);
    expect(object.idpName).toBe("g");
  });

  test("a link in the default policy does not match", async () => {
    const fixture = await start();
    const admin = connect(fixture, "admin");
    const { id } = await call(admin, "addGoogleProvider", google);
    await call(admin, "addIDPToLoginPolicy", { idpId: id });
    const link = { idpId: String(id), ownerType: 1 };
    const options = { since: new Date(), timeoutMs: 0 };
    const error = await failure(
      resolveCreate(management(fixture), "addIDPToLoginPolicy", link, options),
    );
    expect(error.candidates).toEqual([]);
  });

  test("a legacy IDP does not match a provider, although lists show it as one", async () => {
    const fixture = await start();
    const client = management(fixture);
    const since = new Date();
    const { clientSecret, ...rest } = oidc;
    await client.addOrgOIDCIDP({ ...rest, clientSecret });
    const provider = {
      ...oidc,
      isIdTokenMapping: true,
      providerOptions: { isLinkingAllowed: true, isCreationAllowed: true },
    };
    const error = await failure(
      resolveCreate(client, "addGenericOIDCProvider", provider, { since, timeoutMs: 0 }),
    );
    expect(error.candidates).toEqual([]);
  });
});

describe("errors", () => {
  test("contain no secret of the request", async () => {
    const fixture = await start();
    const client = management(fixture);
    await client.addGoogleProvider(google);
    await client.addGoogleProvider(google);
    const error = await failure(
      resolveCreate(client, "addGoogleProvider", google, { since: new Date(), timeoutMs: 0 }),
    );
    expect(error.name).toBe("UnresolvedCreateError");
    expect(error.method).toBe("addGoogleProvider");
    const texts = [
      error.message,
      String(error.stack),
      JSON.stringify(error, (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      ),
    ];
    expect(texts.join()).not.toContain("planted-secret");
  });

  test.each([
    { name: "an invalid date", options: { since: new Date(Number.NaN) }, text: /^since/ },
    {
      name: "a negative timeout",
      options: { since: new Date(), timeoutMs: -1 },
      text: /^timeoutMs/,
    },
    {
      name: "a timeout that is not a number",
      options: { since: new Date(), timeoutMs: Number.NaN },
      text: /^timeoutMs/,
    },
  ])("report $name before anything is sent", async ({ options, text }) => {
    const { emulator } = { emulator: createEmulator() };
    const resolving = resolve(withoutDates({ emulator }), "addGoogleProvider", google, options);
    await expect(resolving).rejects.toThrow(text);
    expect(emulator.log).toEqual([]);
  });

  test.each([
    { side: "management", method: "updateGoogleProvider" },
    { side: "management", method: "toString" },
    { side: "management", method: "addOIDCIDP" },
    { side: "admin", method: "addCustomLoginPolicy" },
  ] as const)("report that $method of $side adds nothing", async ({ side, method }) => {
    const { emulator } = { emulator: createEmulator() };
    const resolving = resolve(withoutDates({ emulator }, side), method, google, {
      since: new Date(),
    });
    await expect(resolving).rejects.toThrow(`${method} is not an Add method of this client`);
    expect(emulator.log).toEqual([]);
  });
});
