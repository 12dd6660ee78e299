import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type IdpClient, isOutcomeUnknown, ZitadelError } from "zitadel-idp";
import {
  badGateway,
  createEmulator,
  type Emulator,
  type Fault,
  type Listener,
} from "zitadel-idp/emulator";
import { resolveCreate, UnresolvedCreateError } from "../../src/providers/index.js";
import { type WireName, wireNames } from "../support/wires.js";

let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator();
  listener = await emulator.listen();
});
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

function open(protocol: WireName): IdpClient {
  return createIdpClient({ baseUrl: listener.url, auth: emulator.token, protocol });
}

const request = {
  name: "Acme",
  issuer: "https://acme.example",
  clientId: "c",
  clientSecret: "s",
  scopes: ["openid"],
};

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
