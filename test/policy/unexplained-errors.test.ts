import { expect, test, vi } from "vitest";
import { Code, ConnectError, createIdpClient } from "zitadel-idp";
import type { Fault } from "zitadel-idp/emulator";
import { useEmulator } from "../support/use-emulator.js";
import { wireNames } from "../support/wires.js";

vi.mock("../../src/policy/errors/failure-code.js", () => {
  throw new Error("the file is gone");
});

const { emulator, listener } = await useEmulator();

const faults: readonly (readonly [name: string, fault: Fault, outcome: string])[] = [
  ["a rejection", { type: "status", code: Code.PermissionDenied }, "not_done"],
  ["an internal error", { type: "status", code: Code.Internal, when: "after" }, "unknown"],
  ["a lost response", { type: "drop", when: "after" }, "unknown"],
  ["a proxy's 403", { type: "http", status: 403, body: "no" }, "not_done"],
];

test.each(wireNames.flatMap((wire) => faults.map((row) => [wire, ...row] as const)))(
  "over %s, %s has the same outcome if the code that explains errors cannot be loaded",
  async (protocol, _, fault, outcome) => {
    const options = {
      baseUrl: listener.url,
      auth: emulator.token,
      protocol,
      retry: false,
    } as const;
    await using client = createIdpClient(options);
    emulator.inject({ rpc: "AddGoogleProvider", fault });
    const error: unknown = await client.management
      .addGoogleProvider({ clientId: "c", clientSecret: "s" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({
      outcome,
      rawMessage: expect.stringContaining("cannot be loaded") as string,
    });
  },
);
