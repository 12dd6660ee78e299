import { expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createEmulator } from "zitadel-idp/emulator";
import { lintOwner, type LintedOwner } from "../../src/lint/lint-owner.js";
import { createProviders, type IdentityProvider } from "../../src/providers/index.js";
import { collect } from "../../src/utils/collect.js";
import { healthyEntries } from "./healthy-entries.js";

const metadataUrlName = "Federation";

/** Adds healthy providers to an emulator and returns them as reads show them. */
async function readHealthyProviders(): Promise<IdentityProvider[]> {
  await using emulator = createEmulator();
  const { url } = await emulator.listen();
  await using client = createIdpClient({ baseUrl: url, auth: emulator.token });
  const providers = createProviders(client, { owner: "org" });
  const secrets = { clientSecret: "s", bindPassword: "p" };
  for (const { id: _id, active: _active, ...settings } of healthyEntries) {
    // The emulator cannot fetch metadata from a host that does not exist, and Apple's key is checked.
    if (settings.name !== metadataUrlName && settings.type !== "apple") {
      await providers.add({ ...secretsOf(settings.type, secrets), ...settings });
    }
  }
  return await collect(providers.list());
}

function secretsOf(type: string, { clientSecret, bindPassword }: Record<string, string>): object {
  return type === "ldap"
    ? { bindPassword }
    : ["jwt", "saml"].includes(type)
      ? {}
      : { clientSecret };
}

test("reports at most notes for healthy providers as a server returns them", async () => {
  const providers = await readHealthyProviders();
  expect(providers.length).toBeGreaterThan(20);
  const offered = providers.filter(({ type }) => type !== "zitadel");
  const findings = lintOwner({
    owner: { owner: "org", orgId: "7" },
    providers,
    instanceProviders: [],
    allowExternalIdp: true,
    offered: new Set(offered.map(({ id }) => id)),
  });
  expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
  expect(findings.length).toBeGreaterThan(0);
});

const info = {
  owner: "org",
  ownerId: "7",
  state: "active",
  sequence: "1",
} as const;
const options = {
  isLinkingAllowed: true,
  isCreationAllowed: false,
  isAutoCreation: false,
  isAutoUpdate: false,
  autoLinking: "unspecified",
} as const;
const google: IdentityProvider = {
  ...info,
  type: "google",
  id: "1",
  name: "Google",
  clientId: "c",
  scopes: [],
  options,
};
const ofInstance: IdentityProvider = { ...google, id: "2", name: "Shared", owner: "instance" };

function picture(change: Partial<LintedOwner>): LintedOwner {
  return {
    owner: { owner: "org", orgId: "7" },
    providers: [google],
    instanceProviders: [ofInstance],
    allowExternalIdp: true,
    offered: new Set(["1", "2"]),
    ...change,
  };
}

test("accepts active providers of the organization and of the instance", () => {
  expect(lintOwner(picture({}))).toEqual([]);
});

test("finds active providers that a login policy without external providers hides", () => {
  expect(lintOwner(picture({ allowExternalIdp: false }))).toMatchObject([
    { severity: "broken", check: "policy/external-idp-off", owner: { owner: "org", orgId: "7" } },
  ]);
  expect(lintOwner(picture({ allowExternalIdp: false, offered: new Set() }))).toEqual([]);
  expect(lintOwner(picture({ allowExternalIdp: undefined }))).toEqual([]);
});

test("finds a deleted provider that the login policy offers", () => {
  const offered = new Set(["1", "9"]);
  expect(lintOwner(picture({ offered }))).toMatchObject([
    {
      severity: "broken",
      check: "policy/offered-but-deleted",
      provider: { type: "unknown", name: "", id: "9" },
      fix: "remove it from the login policy: zitadel-idp deactivate 9",
    },
  ]);
  // It may belong to the instance.
  expect(lintOwner(picture({ offered, instanceProviders: undefined }))).toEqual([]);
});

test("finds an active provider with the name of one of the instance", () => {
  const instanceProviders = [{ ...ofInstance, name: "google" }];
  expect(lintOwner(picture({ instanceProviders }))).toMatchObject([
    { severity: "risk", check: "policy/same-name", provider: { id: "2" }, field: "name" },
  ]);
});

test("finds that nobody can sign in only if the provider is active", () => {
  const closed: IdentityProvider = { ...google, options: { ...options, isLinkingAllowed: false } };
  const active = picture({ providers: [closed] });
  expect(lintOwner(active)).toMatchObject([
    { severity: "broken", check: "options/nobody-can-enter", provider: { id: "1" } },
  ]);
  expect(lintOwner({ ...active, offered: new Set() })).toEqual([]);
});
