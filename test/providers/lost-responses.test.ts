import type { Interceptor } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient, isOutcomeUnknown, ZitadelError } from "zitadel-idp";
import { badGateway, type Fault } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  type DesiredState,
  plan,
  resolveCreate,
  UnresolvedCreateError,
} from "../../src/providers/index.js";
import { hideClock } from "../support/hide-clock.js";
import { type WireName, wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const { emulator, listener } = await useEmulator();

function open(protocol: WireName, interceptors: Interceptor[] = []): IdpClient {
  return createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol, interceptors });
}

const request = {
  name: "Acme",
  issuer: "https://acme.example",
  clientId: "c",
  clientSecret: "s",
  scopes: ["openid"],
};

const lost: Fault = { type: "drop", when: "after" };

const faults: readonly { name: string; fault: Fault; isMade: boolean }[] = [
  {
    name: "a connection that closes after processing",
    fault: { type: "drop", when: "after" },
    isMade: true,
  },
  { name: "a connection that closes before processing", fault: { type: "drop" }, isMade: false },
  { name: "a reset after processing", fault: { type: "reset", when: "after" }, isMade: true },
  { name: "a reset before processing", fault: { type: "reset" }, isMade: false },
  {
    name: "a GOAWAY that includes its stream",
    fault: { type: "goaway", call: "lost", when: "after" },
    isMade: true,
  },
  { name: "a proxy's 502 after processing", fault: badGateway({ when: "after" }), isMade: true },
  { name: "a proxy's 502 before processing", fault: badGateway(), isMade: false },
  {
    name: "a deadline that expires in the server after processing",
    fault: { type: "expired-deadline", when: "after" },
    isMade: true,
  },
  { name: "a response that is cut off", fault: { type: "truncate", bytes: 3 }, isMade: true },
];

describe.each(wireNames)("over %s", (wire) => {
  test.each(faults)(
    "an Add with $name has an unknown outcome and is found if the server created it: $isMade",
    async ({ fault, isMade }) => {
      await using zitadel = open(wire);
      emulator.inject({ rpc: "AddGenericOIDCProvider", times: 1, fault });
      const error = await zitadel.management.addGenericOIDCProvider(request).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(isOutcomeUnknown(error), String(error)).toBe(true);
      const { startedAt: since } = error as ZitadelError;
      const resolving = resolveCreate(zitadel.management, "addGenericOIDCProvider", request, {
        since,
        ...(isMade ? {} : { timeoutMs: 0 }),
      });
      if (isMade) {
        const { result } = await zitadel.management.listProviders({});
        expect(result.map(({ id }) => id)).toEqual([(await resolving).id]);
      } else {
        await expect(resolving).rejects.toBeInstanceOf(UnresolvedCreateError);
      }
    },
  );
});

const settings = { type: "oidc", ...request } as const;
const desired: DesiredState = { organization: { providers: [settings] } };

const operations: readonly { name: string; run: (zitadel: IdpClient) => Promise<unknown> }[] = [
  {
    name: "providers.add",
    run: async (zitadel) => (await createProviders(zitadel, { owner: "org" }).add(settings)).id,
  },
  {
    name: "apply",
    run: async (zitadel) =>
      (await apply(zitadel, await plan(zitadel, desired), desired)).results[0]?.id,
  },
];

describe.each(wireNames)("over %s, behind a proxy that hides the server's clock", (wire) => {
  test.each(operations)("$name finds the provider of a lost response", async ({ run }) => {
    await using zitadel = open(wire, [hideClock]);
    emulator.inject({ rpc: "AddGenericOIDCProvider", times: 1, fault: lost });
    const id = await run(zitadel);
    const { result } = await zitadel.management.listProviders({});
    expect(result.map((each) => each.id)).toEqual([id]);
  });

  test("providers.add finds the provider beside an older one with the same content", async () => {
    await using zitadel = open(wire, [hideClock]);
    const providers = createProviders(zitadel, { owner: "org" });
    const { id: older } = await providers.add(settings);
    emulator.inject({ rpc: "AddGenericOIDCProvider", times: 1, fault: lost });
    const { id } = await providers.add(settings);
    const { result } = await zitadel.management.listProviders({});
    expect(result.map((each) => each.id).toSorted()).toEqual([older, id].toSorted());
  });

  test.each(operations)("$name reports a twin that another client added", async ({ run }) => {
    await using zitadel = open(wire, [hideClock]);
    await using other = open("json");
    emulator.inject({ rpc: "AddGenericOIDCProvider", times: 1, fault: lost });
    let twin: Promise<unknown> | undefined;
    const watch: Interceptor = (next) => async (call) => {
      if (call.method.name === "AddGenericOIDCProvider") {
        const response = next(call);
        await response.catch(() => undefined);
        twin = other.management.addGenericOIDCProvider(request);
        await twin;
        return await response;
      }
      return await next(call);
    };
    await using watched = open(wire, [watch, hideClock]);
    const outcome = await run(watched).catch((error: unknown) => error);
    expect(twin).toBeDefined();
    const { result } = await zitadel.management.listProviders({});
    expect(result).toHaveLength(2);
    // `apply` reports the error as the result of its action, which then has no id.
    expect(outcome === undefined || outcome instanceof UnresolvedCreateError).toBe(true);
  });
});
