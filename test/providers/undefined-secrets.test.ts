import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { clientCredentials, serviceAccount } from "zitadel-idp/auth";
import { createEmulator } from "zitadel-idp/emulator";
import { createProviders, plan } from "../../src/providers/index.js";

const emulator = createEmulator();
beforeEach(() => emulator.reset());
afterAll(() => emulator.close());

const { url: baseUrl, token: auth, fetch } = emulator;

/** The value of an environment variable that is not set. */
const missing: string | undefined = process.env["ZITADEL_IDP_NOT_SET"];
const google = { type: "google", name: "Google", clientId: "c" } as const;

describe("a secret that is undefined is rejected by name before anything is sent", () => {
  test("in settings to add", async () => {
    const providers = createProviders(createIdpClient({ baseUrl, auth, fetch }), { owner: "org" });
    const added = providers.add({ ...google, clientSecret: missing });
    await expect(added).rejects.toThrow("clientSecret: is required to add it");
    expect(emulator.log).toEqual([]);
  });

  test("in an update, which would keep the old secret", async () => {
    const providers = createProviders(createIdpClient({ baseUrl, auth, fetch }), { owner: "org" });
    const { id } = await providers.add({ ...google, clientSecret: "old" });
    await expect(providers.update(id, { clientSecret: missing })).rejects.toMatchObject({
      reason: "invalid",
      outcome: "not_done",
      problems: [
        {
          path: ["clientSecret"],
          message: expect.stringMatching(/^is undefined: check the/) as string,
        },
      ],
    });
    expect(emulator.log.filter(({ rpc }) => rpc?.startsWith("Update"))).toEqual([]);
  });

  test("in a desired state", async () => {
    const client = createIdpClient({ baseUrl, auth, fetch });
    const providers = [{ ...google, clientSecret: missing }];
    await expect(plan(client, { organization: { providers } })).rejects.toThrow(
      "organization.providers[0].clientSecret: is undefined: check the",
    );
    expect(emulator.log).toEqual([]);
  });

  test.each([
    ["clientId", () => clientCredentials({ clientId: missing, clientSecret: "s" })],
    ["clientSecret", () => clientCredentials({ clientId: "c", clientSecret: missing })],
    ["key file", () => serviceAccount(missing)],
    ["baseUrl", () => createIdpClient({ baseUrl: missing as string, auth })],
  ])("in the options of a token source or client: %s", (name, create) => {
    expect(create).toThrow(name);
  });
});

test("other settings that are undefined count as left out", async () => {
  const providers = createProviders(createIdpClient({ baseUrl, auth, fetch }), { owner: "org" });
  const options = { isCreationAllowed: true, isLinkingAllowed: true };
  const { id } = await providers.add({ ...google, clientSecret: "s", options, scopes: undefined });
  const { provider, changed } = await providers.update(id, {
    name: undefined,
    options: { isCreationAllowed: undefined, isAutoUpdate: true },
  });
  expect(changed).toEqual(["options.isAutoUpdate"]);
  expect(provider).toMatchObject({ name: "Google", options: { ...options, isAutoUpdate: true } });
});
