import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient, type Protocol } from "zitadel-idp";
import {
  createEmulator,
  type Emulator,
  type Listener,
  type LoggedRequest,
} from "zitadel-idp/emulator";
import { toLoggedMessage } from "../../src/emulator/log/to-logged-message.js";
import { allMethods } from "../support/all-methods.js";
import { createRandom, randomMessage } from "../support/random-message.js";
import { sendRaw } from "../support/raw-http.js";

const organization = { id: "1", name: "Acme" };
const reported: LoggedRequest[] = [];
let emulator: Emulator;
let listener: Listener;
beforeAll(async () => {
  emulator = createEmulator({
    seed: {
      organizations: [organization],
      serviceUsers: [
        {
          name: "ci",
          organization: "Acme",
          token: "planted-token",
          organizationRoles: { Acme: ["ORG_OWNER"] },
        },
      ],
    },
    logSize: 50,
    onRequest: (entry) => reported.push(entry),
  });
  listener = await emulator.listen();
});
beforeEach(() => {
  emulator.reset();
  reported.length = 0;
});
afterAll(() => emulator.close());

describe("the log", () => {
  test.each<[Protocol, string, string, 1 | 2]>([
    ["json", "POST", "/management/v1/idps/google", 1],
    ["grpc", "POST", "/zitadel.management.v1.ManagementService/AddGoogleProvider", 2],
    ["grpc-web", "POST", "/zitadel.management.v1.ManagementService/AddGoogleProvider", 1],
  ])("records caller, RPC and outcome over %s", async (protocol, httpMethod, path, version) => {
    await using client = createIdpClient({
      baseUrl: listener.url,
      auth: "planted-token",
      protocol,
    });
    await client.management.addGoogleProvider({ clientId: "c", clientSecret: "planted-secret" });
    await client.management
      .addGoogleProvider({ clientId: " ", clientSecret: "planted-secret" })
      .catch(() => 0);
    await client.admin.getProviderByID({ id: "x" }).catch(() => 0);
    const common = {
      at: expect.any(Date) as Date,
      ms: expect.any(Number) as number,
      protocol,
      httpVersion: version,
    };
    const add = {
      ...common,
      httpMethod,
      path,
      service: "zitadel.management.v1.ManagementService",
      rpc: "AddGoogleProvider",
      user: "ci",
      orgId: "1",
    };
    expect(emulator.log.slice(0, 2)).toEqual([
      { ...add, request: { clientId: "c", clientSecret: "[redacted]" }, status: 200 },
      {
        ...add,
        request: { clientId: " ", clientSecret: "[redacted]" },
        status: protocol === "json" ? 400 : 200,
        code: "invalid_argument",
        errorId: "ORG-D3fvs",
      },
    ]);
    expect(emulator.log[2]).toMatchObject({
      service: "zitadel.admin.v1.AdminService",
      rpc: "GetProviderByID",
      request: { id: "x" },
      code: "permission_denied",
      errorId: "AUTH-5mWD2",
    });
    expect(emulator.log[2]).not.toHaveProperty("user");
    expect(reported).toEqual(emulator.log);
  });

  test("records requests that are not calls of an RPC, without their query", async () => {
    await sendRaw(listener.port, {
      method: "GET",
      path: "/debug/healthz?token=planted",
      headers: {},
    });
    await sendRaw(listener.port, { method: "GET", path: "/management/v1/nothing", headers: {} });
    expect(emulator.log).toMatchObject([
      { protocol: "other", httpMethod: "GET", path: "/debug/healthz", status: 200 },
      { protocol: "json", path: "/management/v1/nothing", status: 404, code: "not_found" },
    ]);
    expect(emulator.log[0]).not.toHaveProperty("code");
  });

  test("records the fault, and no status if no response was sent", async () => {
    emulator.inject({ times: 1, fault: { type: "drop" } });
    await emulator
      .fetch(`${emulator.url}/management/v1/idps/templates/_search`, { method: "POST" })
      .catch(() => 0);
    expect(emulator.log).toMatchObject([{ rpc: "ListProviders", fault: "drop" }]);
    expect(emulator.log[0]).not.toHaveProperty("status");
  });

  test("keeps the newest requests", async () => {
    for (let index = 0; index < 60; index++) {
      await emulator.fetch(`${emulator.url}/debug/${index}`);
    }
    expect(emulator.log.length).toBe(50);
    expect(emulator.log[0]?.path).toBe("/debug/10");
    expect(emulator.log.at(-1)?.path).toBe("/debug/59");
  });

  test("records only the size of a large request", async () => {
    await using client = createIdpClient({ baseUrl: listener.url, auth: "planted-token" });
    await client.management
      .addGoogleProvider({ clientId: "c", clientSecret: "s", scopes: ["x".repeat(40_000)] })
      .catch(() => 0);
    expect(emulator.log[0]?.request).toMatch(/^\[4\d{4} characters of JSON\]$/);
    expect(JSON.stringify(emulator.log).length).toBeLessThan(1000);
  });

  test("never contains the token, however it is sent", async () => {
    for (const authorization of ["Bearer planted-token", "planted-token", "Basic planted-token"]) {
      await sendRaw(listener.port, {
        method: "POST",
        path: "/management/v1/idps/templates/_search?access_token=planted-token",
        headers: { authorization },
      });
    }
    expect(emulator.log.length).toBe(3);
    expect(inspect(emulator.log, { depth: null }) + JSON.stringify(emulator.log)).not.toContain(
      "planted-token",
    );
  });
});

describe("the request of every RPC is redacted", () => {
  test.each(allMethods.map((method) => ({ name: `${method.parent.name}.${method.name}`, method })))(
    "$name",
    ({ method: { input } }) => {
      const secrets = /^(client_secret|bind_password|private_key)$/;
      const random = createRandom(1);
      for (let times = 0; times < 20; times++) {
        const message = randomMessage(input, random) as Record<string, unknown>;
        plant(message, (name) => secrets.test(name));
        expect(JSON.stringify(toLoggedMessage(input, message as never))).not.toMatch(
          /planted|cGxhbnRlZA/,
        );
      }
    },
  );
});

/** Sets each secret field, at any depth, to a known value. */
function plant(message: Record<string, unknown>, isSecret: (name: string) => boolean): void {
  for (const [key, value] of Object.entries(message)) {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (isSecret(name)) {
      message[key] = typeof value === "string" ? "planted" : new TextEncoder().encode("planted");
    } else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) {
      plant(value as Record<string, unknown>, isSecret);
    }
  }
}
