import { type Interceptor } from "@connectrpc/connect";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient, isOutcomeUnknown } from "zitadel-idp";
import { clientCredentials } from "zitadel-idp/auth";
import { createEmulator, type Emulator, type Listener } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  ProviderError,
  type Providers,
  UnresolvedCreateError,
} from "../../src/providers/index.js";

const denied = { type: "status", code: 7, id: "TEST-denied" } as const;
const lost = { type: "drop", when: "after" } as const;
const google = { type: "google", name: "Google", clientId: "c", clientSecret: "s" } as const;
const issuer = "https://acme.example";
const oidc = { type: "oidc", name: "Acme", issuer, clientId: "c", clientSecret: "s" } as const;

let emulator: Emulator;
let listener: Listener;
let client: IdpClient;
let org: Providers;

/** Called with the name of each RPC before the RPC is sent. */
let onCall: ((rpc: string) => void) | undefined;
const told: Interceptor = (next) => (request) => {
  onCall?.(request.method.name);
  return next(request);
};

beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
  client = createIdpClient({
    baseUrl: listener.url,
    auth: emulator.token,
    retry: false,
    interceptors: [told],
  });
  org = createProviders(client, { owner: "org" });
});
beforeEach(() => {
  onCall = undefined;
  emulator.reset();
});
afterAll(async () => {
  await client.close();
  await emulator.close();
});

interface Failed {
  readonly name: string;
  readonly prepare?: () => Promise<string>;
  readonly run: (id: string, signal: AbortSignal) => Promise<unknown>;
  /** The RPC with which the trouble begins. Default: it is there from the beginning. */
  readonly from?: string;
  readonly lost?: string;
  readonly denied?: string;
  /** The RPC at which the caller aborts. */
  readonly abortAt?: string;
  readonly outcome: "unknown" | "not_done";
  readonly error: object;
}

const addGoogle = async (): Promise<string> => (await org.add(google)).id;
const addOidc = async (): Promise<string> => (await org.add(oidc)).id;
const name = "UnresolvedCreateError";

const cases: readonly Failed[] = [
  {
    name: "an add whose response is lost and whose search is rejected",
    run: async () => await org.add(google),
    lost: "AddGoogleProvider",
    denied: "ListProviders",
    outcome: "unknown",
    error: { name, method: "addGoogleProvider" },
  },
  {
    name: "an add whose response is lost and whose caller aborts the search",
    run: async (_, signal) => await org.add(google, { signal }),
    lost: "AddGoogleProvider",
    from: "AddGoogleProvider",
    abortAt: "ListProviders",
    outcome: "unknown",
    error: { rpc: "zitadel.management.v1.ManagementService/AddGoogleProvider" },
  },
  {
    name: "an add whose final read is rejected",
    run: async () => await org.add(google),
    denied: "GetProviderByID",
    outcome: "unknown",
    error: { reason: "partly_done", providerId: expect.stringMatching(/^\d+$/) as string },
  },
  {
    name: "an add that is rejected",
    run: async () => await org.add(google),
    denied: "AddGoogleProvider",
    outcome: "not_done",
    error: { id: "TEST-denied" },
  },
  {
    name: "an add whose activation needs a login policy",
    run: async () => await org.add(google, { activate: true }),
    outcome: "not_done",
    error: { reason: "policy_inherited" },
  },
  {
    name: "an add whose activation is rejected",
    run: async () => await org.add(google, { activate: true, createPolicy: true }),
    denied: "AddCustomLoginPolicy",
    outcome: "unknown",
    error: { reason: "partly_done", providerId: expect.stringMatching(/^\d+$/) as string },
  },
  {
    name: "an update whose first read is rejected",
    prepare: addGoogle,
    run: async (id) => await org.update(id, { clientId: "other" }),
    denied: "GetProviderByID",
    outcome: "not_done",
    error: { id: "TEST-denied" },
  },
  {
    name: "an update whose final read is rejected",
    prepare: addGoogle,
    run: async (id) => await org.update(id, { clientId: "other" }),
    from: "UpdateGoogleProvider",
    denied: "GetProviderByID",
    outcome: "unknown",
    error: { reason: "partly_done" },
  },
  {
    name: "a migration whose response is lost and whose final read is rejected",
    prepare: addOidc,
    run: async (id) => await org.migrate(id, google),
    from: "MigrateGenericOIDCProvider",
    lost: "MigrateGenericOIDCProvider",
    denied: "GetProviderByID",
    outcome: "unknown",
    error: { rpc: "zitadel.management.v1.ManagementService/MigrateGenericOIDCProvider" },
  },
  {
    name: "a migration whose final read is rejected",
    prepare: addOidc,
    run: async (id) => await org.migrate(id, google),
    from: "MigrateGenericOIDCProvider",
    denied: "GetProviderByID",
    outcome: "unknown",
    error: { reason: "partly_done" },
  },
  {
    name: "an activation whose response is lost and whose search is rejected",
    prepare: addGoogle,
    run: async (id) => await org.activate(id, { createPolicy: true }),
    from: "AddCustomLoginPolicy",
    lost: "AddCustomLoginPolicy",
    denied: "GetLoginPolicy",
    outcome: "unknown",
    error: { name, method: "addCustomLoginPolicy" },
  },
  {
    name: "a deletion without a list of users",
    prepare: addGoogle,
    run: async (id) => await org.delete(id),
    outcome: "not_done",
    error: { reason: "linked_users" },
  },
  {
    name: "a deletion whose response is lost",
    prepare: addGoogle,
    run: async (id) => await org.delete(id, { evenIfLinked: true }),
    lost: "DeleteProvider",
    outcome: "unknown",
    error: { rpc: "zitadel.management.v1.ManagementService/DeleteProvider" },
  },
];

test.each(cases)("$name: $outcome", async (each) => {
  const id = (await each.prepare?.()) ?? "";
  const controller = new AbortController();
  const trouble = (): void => {
    if (each.lost !== undefined) {
      emulator.inject({ rpc: each.lost, times: 1, fault: lost });
    }
    if (each.denied !== undefined) {
      emulator.inject({ rpc: each.denied, fault: denied });
    }
  };
  let hasBegun = each.from === undefined;
  if (hasBegun) {
    trouble();
  }
  onCall = (rpc) => {
    if (rpc === each.from) {
      hasBegun = true;
      trouble();
    }
    if (hasBegun && rpc === each.abortAt) {
      controller.abort(new Error("the caller gave up"));
    }
  };
  const error: unknown = await each.run(id, controller.signal).then(
    () => expect.fail("it succeeded"),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ outcome: each.outcome, ...each.error });
  expect(isOutcomeUnknown(error)).toBe(each.outcome === "unknown");
});

test("an add that is not found has the errors of the add and of the search as causes", async () => {
  emulator.inject({ rpc: "AddGoogleProvider", times: 1, fault: lost });
  emulator.inject({ rpc: "ListProviders", fault: denied });
  const error: unknown = await org.add(google).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UnresolvedCreateError);
  const { cause } = error as UnresolvedCreateError;
  expect(cause).toBeInstanceOf(AggregateError);
  const { errors } = cause as AggregateError;
  expect(errors).toMatchObject([
    { outcome: "unknown", rpc: expect.stringMatching(/AddGoogleProvider$/) as string },
    { outcome: "not_done", id: "TEST-denied" },
  ]);
});

describe("isOutcomeUnknown", () => {
  test.each([
    [
      "an error of another copy of the package",
      Object.assign(new Error("x"), { outcome: "unknown" }),
      true,
    ],
    [
      "an error with the outcome not_done",
      Object.assign(new Error("x"), { outcome: "not_done" }),
      false,
    ],
    ["any other error", new Error("unknown"), false],
    ["an object that is not an error", { outcome: "unknown" }, false],
    ["nothing", undefined, false],
  ])("of %s", (_, error, expected) => {
    expect(isOutcomeUnknown(error)).toBe(expected);
  });

  test("is false if no token could be obtained, because nothing was sent", async () => {
    const source = clientCredentials({ clientId: "c", clientSecret: "s" });
    const { signal } = new AbortController();
    const error: unknown = await source
      .token({ baseUrl: "http://127.0.0.1:1", signal })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ outcome: "not_done" });
  });
});

test("apply reports a write that was done but could not be recorded in the state", async () => {
  let written: string | undefined;
  const store = {
    read: () => Promise.resolve(written),
    write: (text: string) => {
      if (written !== undefined) {
        return Promise.reject(new Error("disk full"));
      }
      written = text;
      return Promise.resolve();
    },
  };
  const desired: DesiredState = { organization: { providers: [google] } };
  const options = { state: { store } };
  const { ok, results } = await apply(
    client,
    await plan(client, desired, options),
    desired,
    options,
  );
  expect(ok).toBe(false);
  const [{ error } = { error: undefined }] = results;
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({
    outcome: "unknown",
    reason: "partly_done",
    message: expect.stringContaining("disk full") as string,
  });
});
