import { inspect } from "node:util";
import { afterAll, beforeEach, expect, test } from "vitest";
import { Code, createIdpClient } from "zitadel-idp";
import { badGateway, createEmulator, type Fault } from "zitadel-idp/emulator";
import {
  apply,
  createProviders,
  type DesiredState,
  exportProviders,
  formatPlan,
  plan,
  type ProviderSettings,
} from "../../src/providers/index.js";
import { createRandom } from "../support/random-message.js";
import { fieldsOf, providerTypeNames, randomSettings } from "../support/random-settings.js";

const emulator = createEmulator();
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const marker = "pLanTed-s3cret";

/** Returns settings whose secrets can be distinguished from all other text. */
function planted(type: ProviderSettings["type"]): ProviderSettings {
  const settings = randomSettings(type, createRandom(1), "Acme");
  const secrets = Object.entries(fieldsOf(type)).flatMap(([name, { secret }]) =>
    // An Apple key must be a real key.
    secret && name !== "privateKey" ? [[name, `${marker}-${name}`]] : [],
  );
  return { ...settings, ...Object.fromEntries(secrets) } as ProviderSettings;
}

/** Returns all texts that can be seen of a value. */
function texts(shown: unknown): string[] {
  const error =
    shown instanceof Error ? [shown.message, shown.stack ?? "", String(shown.cause)] : [];
  const json = JSON.stringify(shown, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return [...error, inspect(shown, { depth: 10, showHidden: true }), json ?? ""];
}

test.each(providerTypeNames)(
  "no secret of %s appears in results or errors of operations",
  async (type) => {
    const { url: baseUrl, token: auth, fetch } = emulator;
    await using client = createIdpClient({ baseUrl, auth, fetch, retry: false });
    const providers = createProviders(client, { owner: "org" });
    const seen: unknown[] = [];
    const collect = async (work: () => Promise<unknown>): Promise<void> => {
      seen.push(await work().catch((error: unknown) => error));
    };
    const settings = planted(type);
    const { type: _, ...patch } = settings;
    const desired: DesiredState = { organization: { providers: [settings] } };
    let stored = "";
    const state = {
      key: "a key of sixteen characters or more",
      store: {
        read: () => Promise.resolve(stored === "" ? undefined : stored),
        write: (text: string) => {
          stored = text;
          return Promise.resolve();
        },
      },
    };
    // Rejected by the client: with the secret in the same settings, in another field, and instead of another value.
    await collect(() => providers.add({ ...settings, nonsense: marker } as never));
    await collect(() => providers.add({ ...settings, name: marker.repeat(30) }));
    await collect(() => providers.add({ ...settings, options: marker } as never));
    await collect(() =>
      plan(client, {
        organization: { providers: [settings, settings, { ...settings, id: 5 }] },
      } as never),
    );
    await collect(() => plan(client, desired, { rotate: ["nobody"] }));
    // Rejected by the server, and lost on the way. Load first what the first call loads, so that this does not use up the
    // timeout.
    await providers.find("nobody");
    const faults: Fault[] = [
      { type: "status", code: Code.Internal, id: "TEST" } as const,
      badGateway(),
    ];
    for (const fault of faults) {
      const rule = emulator.inject({ rpc: /Add.*Provider/, fault });
      await collect(() => providers.add(settings, { timeoutMs: 50 }));
      expect(rule.hits).toBeGreaterThan(0);
      rule.remove();
    }
    // Successful.
    const planned = await plan(client, desired, { state });
    seen.push(planned, formatPlan(planned));
    await collect(() => apply(client, planned, desired, { state }));
    const added = await providers.find("Acme");
    seen.push(added, stored);
    await collect(() => providers.update(added?.id ?? "", patch));
    await collect(() => plan(client, desired, { state, rotate: true }));
    await collect(() => exportProviders(client, { owner: "org" }));
    seen.push(emulator.log);

    expect(seen.length).toBeGreaterThan(10);
    const leaks = seen.flatMap(texts).filter((text) => text.includes(marker));
    expect(leaks.map((text) => text.slice(0, 300))).toEqual([]);
  },
);
