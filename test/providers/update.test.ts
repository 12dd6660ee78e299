import { describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import {
  createProviders,
  type IdentityProvider,
  type ProviderPatch,
  type ProviderSettings,
  type ProviderType,
} from "../../src/providers/index.js";
import { createRandom, type Random } from "../support/random-message.js";
import {
  fieldsOf,
  providerTypeNames,
  randomSettings,
  randomValue,
} from "../support/random-settings.js";
import { wireNames } from "../support/wires.js";
import { useEmulator } from "../support/use-emulator.js";

const { emulator, listener } = await useEmulator();

const seed = 20261122;

/**
 * Creates a patch of random fields. Leaves out changes that ZITADEL cannot make, and values that it ignores because of the add.
 */
function randomPatch(type: ProviderType, before: IdentityProvider, random: Random): ProviderPatch {
  const there = before as unknown as Record<string, unknown>;
  const patch: Record<string, unknown> = {};
  for (const [field, spec] of Object.entries(fieldsOf(type))) {
    if (field === "metadataUrl" || !random.chance(0.4)) {
      continue;
    }
    const value = randomValue(field, spec, random);
    const cannotBeCleared =
      (field === "scopes" && type !== "zitadel" && (value as unknown[]).length === 0) ||
      value === "";
    if (!(cannotBeCleared && there[field] !== undefined && (there[field] as string).length > 0)) {
      patch[field] = value;
    }
  }
  return patch;
}

/** Returns all fields of a provider except those that always differ between providers. */
function content({
  id: _id,
  sequence: _s,
  createdAt: _c,
  changedAt: _ch,
  ...rest
}: IdentityProvider) {
  return rest;
}

/** Returns settings merged with a patch. */
function patched(settings: ProviderSettings, patch: ProviderPatch): ProviderSettings {
  const parts = ["options", "attributes"].flatMap((name) => {
    const [before, after] = [settings, patch].map((each) => (each as Record<string, object>)[name]);
    return after === undefined ? [] : [[name, { ...before, ...after }]];
  });
  return { ...settings, ...patch, ...Object.fromEntries(parts) } as ProviderSettings;
}

describe.each(wireNames)("over %s", (protocol) => {
  test.each(providerTypeNames)(
    "a random patch of %s has the same result on the server as an add of the patched settings",
    async (type) => {
      await using client = createIdpClient({
        baseUrl: listener.url,
        auth: emulator.token,
        protocol,
      });
      for (const owner of ["org", "instance"] as const) {
        const random = createRandom(seed + providerTypeNames.indexOf(type));
        const providers = createProviders(client, { owner });
        for (let round = 0; round < 2; round++) {
          const settings = randomSettings(type, random, "Acme");
          const before = await providers.add(settings);
          const patch = randomPatch(type, before, random);
          const { provider: after, changed, concurrent } = await providers.update(before.id, patch);
          const oracle = await providers.add(patched(settings, patch));
          expect(content(after)).toEqual(content(oracle));
          expect(concurrent).toBe("none");
          expect(changed.filter((path) => !((path.split(".")[0] ?? "") in patch))).toEqual([]);
          expect(await providers.get(before.id)).toEqual(after);
          const {
            clientSecret: _,
            bindPassword: __,
            privateKey: ___,
            ...rest
          } = patch as Record<string, unknown>;
          const again = await providers.update(before.id, rest);
          expect(again).toMatchObject({ changed: [], provider: { sequence: after.sequence } });
        }
      }
    },
  );
});
