import type { DescMethodUnary, JsonObject } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel as Level } from "@bufbuild/protobuf/wkt";
import { createClient, type Transport } from "@connectrpc/connect";
import { beforeEach, describe, expect, test } from "vitest";
import { Code, ConnectError } from "zitadel-idp";
import { AdminService } from "zitadel-idp/admin";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { ErrorDetailSchema } from "zitadel-idp/idp";
import { ManagementService } from "zitadel-idp/management";
import { createJsonTransport } from "zitadel-idp/transport/json";
import { isAlreadyDone } from "../../src/policy/classify/already-done.js";
import { legacyRequests, providerRequests } from "../support/add-requests.js";

const service = { management: ManagementService, admin: AdminService };
type Side = keyof typeof service;
const sides: readonly Side[] = ["management", "admin"];

const human = "300000000000000001";
const linked = { idp: "310000000000000001", userId: "h", userName: "h" };
const seed: EmulatorSeed = {
  organizations: [
    { id: "210000000000000001", name: "one" },
    { id: "220000000000000001", name: "two" },
  ],
  serviceUsers: [
    { name: "owner", organization: "one", token: "owner", instanceRoles: ["IAM_OWNER"] },
    { name: "viewer", organization: "one", token: "viewer", instanceRoles: ["IAM_OWNER_VIEWER"] },
    { name: "nobody", organization: "one", token: "nobody" },
  ],
  humans: [{ id: human, name: "human", organization: "one", links: [linked] }],
};

let emulator: Emulator;
beforeEach(() => {
  emulator = createEmulator({ seed });
});

interface Caller {
  readonly token?: string;
  readonly orgId?: string;
  readonly baseUrl?: string;
}

function transport({ token = "owner", orgId, baseUrl = emulator.url }: Caller = {}): Transport {
  return createJsonTransport({
    baseUrl,
    fetch: emulator.fetch,
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${token}`);
        if (orgId !== undefined) {
          request.header.set("x-zitadel-orgid", orgId);
        }
        return next(request);
      },
    ],
  });
}

type Request = Readonly<Record<string, unknown>>;

/** Calls any RPC. */
async function call(
  side: Side,
  rpc: string,
  request: Request,
  caller?: Caller,
): Promise<JsonObject> {
  const { localName } = methodOf(side, rpc);
  const client = createClient(service[side], transport(caller)) as unknown as Record<
    string,
    (request: Request) => Promise<JsonObject>
  >;
  return (await client[localName]?.(request)) ?? {};
}

function methodOf(side: Side, rpc: string): DescMethodUnary {
  const found = service[side].methods.find(({ name }) => name === rpc);
  if (found === undefined) {
    throw new Error(`${side} has no ${rpc}`);
  }
  return found as DescMethodUnary;
}

interface Answer {
  readonly answer: "ok" | "done" | "error";
  readonly text: string;
}

/** Returns the conclusion of a client that retried. */
async function ask(side: Side, rpc: string, request: Request, caller?: Caller): Promise<Answer> {
  try {
    await call(side, rpc, request, caller);
    return { answer: "ok", text: "ok" };
  } catch (reason) {
    const error = ConnectError.from(reason);
    const id = error.findDetails(ErrorDetailSchema)[0]?.id;
    const done = isAlreadyDone(methodOf(side, rpc), { code: error.code, id });
    return { answer: done ? "done" : "error", text: `${Code[error.code]} ${error.rawMessage}` };
  }
}

interface Write {
  readonly side: Side;
  readonly rpc: string;
  /** Creates the object of the write, and returns the request. */
  prepare(): Promise<Request> | Request;
  /** The error of a second call. */
  readonly second: "ok" | "done";
  /** The error of the first call for an id that never existed. Absent for RPCs without an id. */
  readonly unknown?: "done" | "error";
  /** The error of the first call of the ManagementService for an object of the instance. */
  readonly foreign?: "done" | "error";
}

const legacyName = (side: Side, verb: string, part = ""): string =>
  side === "admin" ? `${verb}IDP${part}` : `${verb}OrgIDP${part}`;

async function addLegacy(side: Side, type: "OIDC" | "JWT"): Promise<string> {
  const rpc = side === "admin" ? `Add${type}IDP` : `AddOrg${type}IDP`;
  const { idpId } = await call(side, rpc, legacyRequests[type] ?? {});
  return String(idpId);
}

async function addProvider(side: Side, type = "Google"): Promise<string> {
  const { id } = await call(side, `Add${type}Provider`, providerRequests[type] ?? {});
  return String(id);
}

async function link(side: Side): Promise<string> {
  const idpId = await addProvider(side);
  if (side === "management") {
    await call(side, "AddCustomLoginPolicy", {});
  }
  await call(
    side,
    "AddIDPToLoginPolicy",
    side === "management" ? { idpId, ownerType: 2 } : { idpId },
  );
  return idpId;
}

const onBoth: readonly Write[] = sides.flatMap((side): Write[] => [
  ...Object.keys(providerRequests).map((type): Write => ({
    side,
    rpc: `Update${type}Provider`,
    prepare: async () => ({
      ...providerRequests[type],
      id: await addProvider(side, type),
      name: "changed",
    }),
    second: "ok",
    unknown: "error",
    foreign: "error",
  })),
  {
    side,
    rpc: "DeleteProvider",
    prepare: async () => ({ id: await addProvider(side) }),
    second: "done",
    unknown: "done",
    foreign: "done",
  },
  {
    side,
    rpc: "RemoveIDPFromLoginPolicy",
    prepare: async () => ({ idpId: await link(side) }),
    second: "done",
    unknown: "done",
  },
  {
    side,
    rpc: legacyName(side, "Update"),
    prepare: async () => ({ idpId: await addLegacy(side, "OIDC"), name: "changed" }),
    second: "done",
    unknown: "error",
    foreign: "error",
  },
  {
    side,
    rpc: legacyName(side, "Update", "OIDCConfig"),
    prepare: async () => ({
      ...legacyRequests["OIDC"],
      idpId: await addLegacy(side, "OIDC"),
      clientId: "changed",
      clientSecret: "",
    }),
    second: "done",
    unknown: "error",
    foreign: "error",
  },
  {
    side,
    rpc: legacyName(side, "Update", "OIDCConfig"),
    // A secret always counts as a change.
    prepare: async () => ({
      ...legacyRequests["OIDC"],
      idpId: await addLegacy(side, "OIDC"),
      clientSecret: "changed",
    }),
    second: "ok",
  },
  {
    side,
    rpc: legacyName(side, "Update", "JWTConfig"),
    prepare: async () => ({
      ...legacyRequests["JWT"],
      idpId: await addLegacy(side, "JWT"),
      headerName: "changed",
    }),
    second: "done",
    unknown: "error",
    foreign: "error",
  },
  {
    side,
    rpc: legacyName(side, "Deactivate"),
    prepare: async () => ({ idpId: await addLegacy(side, "OIDC") }),
    second: "done",
    unknown: "done",
    foreign: "done",
  },
  {
    side,
    rpc: legacyName(side, "Reactivate"),
    prepare: async () => {
      const idpId = await addLegacy(side, "OIDC");
      await call(side, legacyName(side, "Deactivate"), { idpId });
      return { idpId };
    },
    second: "done",
    unknown: "done",
    foreign: "done",
  },
  {
    side,
    rpc: legacyName(side, "Remove"),
    prepare: async () => ({ idpId: await addLegacy(side, "OIDC") }),
    second: "done",
    unknown: "done",
    // Here, the ManagementService distinguishes an IDP of the instance from a deleted one.
    foreign: "error",
  },
]);

const writes: readonly Write[] = [
  ...onBoth,
  {
    side: "management",
    rpc: "RemoveHumanLinkedIDP",
    prepare: () => ({ userId: human, idpId: linked.idp, linkedUserId: linked.userId }),
    second: "done",
    unknown: "done",
  },
  {
    side: "management",
    rpc: "UpdateCustomLoginPolicy",
    prepare: async () => {
      await call("management", "AddCustomLoginPolicy", {});
      return { forceMfa: true };
    },
    second: "done",
  },
  {
    side: "management",
    rpc: "ResetLoginPolicyToDefault",
    prepare: async () => {
      await call("management", "AddCustomLoginPolicy", {});
      return {};
    },
    second: "done",
  },
  {
    side: "admin",
    rpc: "UpdateLoginPolicy",
    prepare: () => ({ forceMfa: true }),
    second: "done",
  },
];

test("the table has every idempotent write of both services", () => {
  const expected = sides.flatMap((side) =>
    service[side].methods
      .filter(({ idempotency }) => idempotency === Level.IDEMPOTENT)
      .map(({ name }) => `${side} ${name}`),
  );
  const listed = new Set(writes.map(({ side, rpc }) => `${side} ${rpc}`));
  expect([...listed].toSorted()).toEqual(expected.toSorted());
});

describe.each(writes)("$side $rpc", ({ side, rpc, prepare, second }) => {
  test(`sent twice is ${second} the second time`, async () => {
    const request = await prepare();
    expect((await ask(side, rpc, request)).text).toBe("ok");
    const { answer, text } = await ask(side, rpc, request);
    expect(answer, text).toBe(second);
  });

  test.each([
    { who: "a caller without the permission", caller: { token: "viewer" }, text: /AUTH-5mWD2/ },
    { who: "a caller without any role", caller: { token: "nobody" }, text: /AUTHZ-cdgFk/ },
    { who: "an unknown token", caller: { token: "unknown" }, text: /AUTH-7fs1e/ },
    { who: "an unknown organization", caller: { orgId: "999" }, text: /AUTH-Bs7Ds/ },
    {
      who: "a host name without an instance",
      caller: { baseUrl: "http://elsewhere.example" },
      text: /^NotFound unable to set instance/,
    },
  ])("never accepts the error of $who as done", async ({ caller, text: expected }) => {
    const request = await prepare();
    for (const attempt of [1, 2]) {
      const { answer, text } = await ask(side, rpc, request, caller);
      expect(text, `attempt ${attempt}`).toMatch(expected);
      expect(answer).toBe("error");
    }
    expect((await ask(side, rpc, request)).answer).toBe("ok");
  });
});

test.each(writes.filter(({ unknown }) => unknown !== undefined))(
  "$side $rpc is $unknown the first time for an id that never existed",
  async ({ side, rpc, prepare, unknown }) => {
    const { answer, text } = await ask(side, rpc, unknownId(await prepare()));
    expect(answer, text).toBe(unknown);
  },
);

const onForeign = writes.filter(
  ({ side, foreign }) => side === "management" && foreign !== undefined,
);

test.each(onForeign)(
  "management $rpc is $foreign the first time for an object of the instance",
  async ({ side, rpc, prepare, foreign }) => {
    const prepared = await prepare();
    const id = rpc.endsWith("Provider")
      ? await addProvider("admin", /Update(\w+)Provider/.exec(rpc)?.[1])
      : await addLegacy("admin", rpc.includes("JWT") ? "JWT" : "OIDC");
    const key = "id" in prepared ? "id" : "idpId";
    const { answer, text } = await ask(side, rpc, { ...prepared, [key]: id });
    expect(answer, text).toBe(foreign);
  },
);

test.each(onForeign)(
  "management $rpc is $unknown the first time for an object of another organization",
  async ({ side, rpc, prepare, unknown }) => {
    const { answer, text } = await ask(side, rpc, await prepare(), { orgId: "220000000000000001" });
    expect(answer, text).toBe(unknown);
  },
);

function unknownId(request: Request): Request {
  const key = "id" in request ? "id" : "idpId";
  return { ...request, [key]: "999999999999999999" };
}

describe("errors with another meaning", () => {
  test.each<{ name: string; side: Side; rpc: string; request: Request; text: RegExp }>([
    {
      name: "the removal of a link without a login policy of the organization",
      side: "management",
      rpc: "RemoveIDPFromLoginPolicy",
      request: { idpId: "1" },
      text: /Org-GVDfe/,
    },
    {
      name: "the update of a login policy that the organization does not have",
      side: "management",
      rpc: "UpdateCustomLoginPolicy",
      request: {},
      text: /Org-M0sif/,
    },
    {
      name: "a request that breaks a rule",
      side: "admin",
      rpc: "DeactivateIDP",
      request: { idpId: "1".repeat(201) },
      text: /^InvalidArgument/,
    },
  ])("$name is not done", async ({ side, rpc, request, text: expected }) => {
    const { answer, text } = await ask(side, rpc, request);
    expect(text).toMatch(expected);
    expect(answer).toBe("error");
  });

  test("a provider of type ZITADEL cannot be deleted, with the error of a deleted one", async () => {
    const id = await addProvider("management", "Zitadel");
    const { answer } = await ask("management", "DeleteProvider", { id });
    expect(answer).toBe("done");
    expect((await ask("management", "GetProviderByID", { id })).answer).toBe("ok");
  });

  const done = { code: Code.NotFound, id: "ORG-Se3tg" };
  test.each([
    { name: "another RPC", rpc: "RemoveOrgIDP", error: done },
    { name: "an update, though its object is missing", rpc: "UpdateGoogleProvider", error: done },
    { name: "another code", rpc: "DeleteProvider", error: { ...done, code: Code.Internal } },
    { name: "no id", rpc: "DeleteProvider", error: { code: Code.NotFound } },
    { name: "an empty id", rpc: "DeleteProvider", error: { code: Code.NotFound, id: "" } },
    {
      name: "an empty id, of a table with one id",
      rpc: "ResetLoginPolicyToDefault",
      error: { code: Code.NotFound, id: "" },
    },
    {
      name: "a part of an id",
      rpc: "DeleteProvider",
      error: { code: Code.NotFound, id: "ORG-Se3t" },
    },
    {
      name: "two ids",
      rpc: "DeleteProvider",
      error: { code: Code.NotFound, id: "INST-Se3tg ORG-Se3tg" },
    },
  ])("the same error with $name is not done", ({ rpc, error }) => {
    expect(isAlreadyDone(methodOf("management", "DeleteProvider"), done)).toBe(true);
    expect(isAlreadyDone(methodOf("management", rpc), error)).toBe(false);
  });
});
