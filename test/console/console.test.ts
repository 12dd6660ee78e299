import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createIdpClient, type IdpClient } from "zitadel-idp";
import { formTypes, providerForm } from "zitadel-idp/forms";
import { createProviders, type ProviderType } from "zitadel-idp/providers";
import { collect } from "../../src/utils/collect.js";
import { applePrivateKey } from "../support/add-requests.js";
import { type ConsoleFixture, startConsoleFixture } from "./console-fixture.js";

let fixture: ConsoleFixture;
let client: IdpClient;

beforeAll(async () => {
  fixture = await startConsoleFixture();
  client = createIdpClient({ baseUrl: fixture.baseUrl, auth: fixture.emulator.token });
});

beforeEach(() => fixture.emulator.reset());

afterAll(async () => {
  await client?.close();
  await fixture?.[Symbol.asyncDispose]();
});

describe("the connection", () => {
  test("comes from the form, and lives in memory only", async () => {
    await using page = await fixture.openPage();
    await page.fill("ZITADEL URL", fixture.baseUrl);
    await page.click("With an access token", "radio");
    await page.fill("Access token", fixture.emulator.token);
    await page.click("Sign in");
    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
    const kept = await page.page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href]),
    );
    expect(kept).not.toContain(fixture.emulator.token);
    await page.page.reload();
    await page.waitForText("ZITADEL URL");
  });

  test("comes from the fragment, which the page removes from the address", async () => {
    await using page = await fixture.openConnected();
    expect(page.page.url()).toBe(`${fixture.siteUrl}/`);
    await page.click("Sign out");
    await page.waitForText("ZITADEL URL");
  });

  test("is rejected by ZITADEL if the token is wrong, with the reason", async () => {
    await using page = await fixture.openPage();
    await page.fill("ZITADEL URL", fixture.baseUrl);
    await page.click("With an access token", "radio");
    await page.fill("Access token", "wrong");
    await page.click("Sign in");
    await page.waitForText("Errors.Token.Invalid");
  });
});

describe("the list", () => {
  test("is searched by name and ID, and filtered by type, owner and presence on the login page", async () => {
    await using page = await fixture.openConnected();
    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
    await page.fill("Search", "ACME", "searchbox");
    await page.expectProviders("Acme directory", "Acme Okta");
    await page.fill("Search", "13", "searchbox");
    await page.expectProviders("GitHub");
    await page.fill("Search", "", "searchbox");
    await page.select("Type", "azureAd");
    await page.expectProviders("Entra ID");
    await page.select("Type", "");
    await page.select("Owner", "org");
    await page.expectProviders("Acme directory", "Acme Okta", "GitHub");
    await page.select("On the login page", "active");
    await page.expectProviders();
    await page.waitForText("0 of 5 providers");
  });

  test("lets an organization see the providers of the instance, but not change them", async () => {
    await using page = await fixture.openConnected();
    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
    const buttons = await page.page.$$eval("ul.providers button", (all) =>
      all.map((each) => each.ariaLabel),
    );
    expect(buttons).toContain("Edit GitHub");
    expect(buttons).not.toContain("Edit Google");
  });
});

/** Values for the required fields of each type. */
const required: Readonly<Record<ProviderType, Readonly<Record<string, string>>>> = {
  apple: {
    clientId: "com.acme.login",
    teamId: "TEAM123456",
    keyId: "KEY1234567",
    privateKey: new TextDecoder().decode(applePrivateKey),
  },
  azureAd: { name: "New", clientId: "id", clientSecret: "s3cret" },
  github: { clientId: "id", clientSecret: "s3cret" },
  githubEs: {
    name: "New",
    clientId: "id",
    clientSecret: "s3cret",
    authorizationEndpoint: "https://git.example/authorize",
    tokenEndpoint: "https://git.example/token",
    userEndpoint: "https://git.example/user",
  },
  gitlab: { clientId: "id", clientSecret: "s3cret" },
  gitlabSelfHosted: {
    name: "New",
    issuer: "https://git.example",
    clientId: "id",
    clientSecret: "s3cret",
  },
  google: { clientId: "id", clientSecret: "s3cret" },
  jwt: {
    name: "New",
    issuer: "https://jwt.example",
    jwtEndpoint: "https://jwt.example/jwt",
    keysEndpoint: "https://jwt.example/keys",
    headerName: "x-jwt",
  },
  ldap: {
    name: "New",
    servers: "ldaps://one.example:636\nldaps://two.example:636",
    baseDn: "dc=example",
    bindDn: "cn=zitadel,dc=example",
    bindPassword: "s3cret",
    userBase: "dn",
    userObjectClasses: "inetOrgPerson",
    userFilters: "uid",
  },
  oauth: {
    name: "New",
    clientId: "id",
    clientSecret: "s3cret",
    authorizationEndpoint: "https://oauth.example/authorize",
    tokenEndpoint: "https://oauth.example/token",
    userEndpoint: "https://oauth.example/user",
    idAttribute: "sub",
  },
  oidc: { name: "New", issuer: "https://oidc.example", clientId: "id", clientSecret: "s3cret" },
  saml: {
    name: "New",
    metadataXml:
      '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="e"><IDPSSODescriptor/></EntityDescriptor>',
  },
  zitadel: { name: "New", issuer: "https://other.example", clientId: "id", clientSecret: "s3cret" },
};

/** The name of the button of each type. */
const typeNames: Readonly<Record<ProviderType, string>> = {
  apple: "Apple",
  azureAd: "Microsoft Entra ID",
  github: "GitHub",
  githubEs: "GitHub Enterprise Server",
  gitlab: "GitLab",
  gitlabSelfHosted: "GitLab (self-hosted)",
  google: "Google",
  jwt: "JWT",
  ldap: "LDAP",
  oauth: "OAuth 2.0",
  oidc: "OpenID Connect",
  saml: "SAML 2.0",
  zitadel: "ZITADEL",
};

describe("the form of a new provider", () => {
  test.each(formTypes)("has all fields of %s, names the empty ones, and adds it", async (type) => {
    await using page = await fixture.openConnected();
    await page.click("Add a provider");
    await page.click(typeNames[type]);
    await page.page.waitForSelector("#field-name");
    const { fields } = providerForm(type);
    for (const { name } of fields) {
      expect(await page.page.$(`#field-${name}`), name).not.toBeNull();
    }
    await page.click("Save");
    const problems = await page.page.waitForSelector("form [role=alert]");
    expect(await problems?.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(fixture.emulator.log.some(({ rpc }) => rpc?.startsWith("Add"))).toBe(false);
    for (const { name, isRequired } of fields) {
      const isInvalid = await page.page.$eval(`#field-${name}`, (each) => each.ariaInvalid);
      expect(isInvalid === "true", name).toBe(
        isRequired || (isInvalid === "true" && type === "saml"),
      );
    }
    for (const [name, value] of Object.entries(required[type])) {
      await page.fillField(name, value);
    }
    await page.click("Save");
    await page.expectDialog(false);
    await page.waitForText("Saved ");
    const found = await collect(createProviders(client, { owner: "org" }).list({ type }));
    expect(
      found.some(({ sequence, name }) => sequence !== "" && (name === "New" || name === "")),
    ).toBe(true);
  });

  test("shows the rule that the server names at its field", async () => {
    await using page = await fixture.openConnected();
    fixture.emulator.inject({
      rpc: "AddGoogleProvider",
      fault: {
        type: "status",
        code: Code.InvalidArgument,
        message:
          "invalid AddGoogleProviderRequest.ClientId: value length must be between 1 and 10 runes, inclusive",
      },
    });
    await page.click("Add a provider");
    await page.click("Google");
    await page.fillField("clientId", "much-too-long");
    await page.fillField("clientSecret", "s3cret");
    await page.click("Save");
    await vi.waitFor(async () =>
      expect(await page.description("#field-clientId")).toContain(
        "Client ID must have 1 to 10 characters.",
      ),
    );
    await page.click("Client ID", "button");
    expect(await page.page.evaluate(() => document.activeElement?.id)).toBe("field-clientId");
  });

  test("edits rows of objects", async () => {
    await using page = await fixture.openConnected();
    await page.click("Add a provider");
    await page.click("ZITADEL");
    for (const [name, value] of Object.entries(required.zitadel)) {
      await page.fillField(name, value);
    }
    await page.click("Add a row");
    await page.click("Add a row");
    await page.click("Remove row 1");
    await page.click("Save");
    await page.page.waitForSelector("form [role=alert]");
    expect(await page.description("#field-instanceRolesInfo-0-organizationId")).toContain(
      "Organization ID",
    );
    await page.fillField("instanceRolesInfo-0-organizationId", "7");
    await page.fillField("instanceRolesInfo-0-organizationDomain", "acme.example");
    await page.click("Save");
    await page.waitForText("Saved New.");
    const added = await createProviders(client, { owner: "org" }).find("New");
    expect(added).toMatchObject({
      instanceRolesInfo: [{ organizationId: "7", organizationDomain: "acme.example" }],
    });
  });
});

describe("the form of a provider that exists", () => {
  test("starts from its values, changes only what the user changes, and keeps the secret", async () => {
    await using page = await fixture.openConnected();
    await page.click("Edit Acme Okta");
    await page.page.waitForSelector("#field-name");
    expect(
      await page.page.$eval("#field-clientSecret", (each) => (each as HTMLInputElement).value),
    ).toBe("");
    expect(
      await page.page.$eval("#field-scopes", (each) => (each as HTMLTextAreaElement).value),
    ).toBe("openid\nprofile\nemail");
    await page.fillField("name", "Okta");
    await page.click("Create accounts automatically", "checkbox");
    await page.click("Save");
    await page.waitForText("Saved Okta.");
    await page.expectProviders("Acme directory", "Entra ID", "GitHub", "Google", "Okta");
    const update = fixture.emulator.log.find(({ rpc }) => rpc === "UpdateGenericOIDCProvider");
    expect(update?.request).toMatchObject({ name: "Okta", clientId: "okta-client" });
    expect(update?.request).not.toHaveProperty("clientSecret");
    const provider = await createProviders(client, { owner: "org" }).get("11");
    expect(provider).toMatchObject({
      name: "Okta",
      options: { isLinkingAllowed: true, isCreationAllowed: true, isAutoCreation: true },
    });
  });

  test("opens with the keyboard, closes with Escape, and gives the focus back", async () => {
    await using page = await fixture.openConnected();
    await page.page.waitForSelector('[aria-label="Edit GitHub"]');
    await page.page.focus('[aria-label="Edit GitHub"]');
    await page.page.keyboard.press("Enter");
    await page.page.waitForSelector("dialog[open] #field-name");
    await page.page.keyboard.press("Tab");
    expect(await page.page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(
      true,
    );
    await page.page.keyboard.press("Escape");
    await page.expectDialog(false);
    expect(await page.page.evaluate(() => document.activeElement?.ariaLabel)).toBe("Edit GitHub");
  });
});

describe("the switch", () => {
  test("is locked while the organization inherits the login policy, and works with its own", async () => {
    await using page = await fixture.openConnected();
    await page.waitForText("inherits the policy");
    expect(await page.isDisabled("Show GitHub on the login page")).toBe(true);
    await page.click("Create a policy for this organization");
    await page.waitForText("has a policy of its own");
    await page.click("Show GitHub on the login page", "switch");
    await page.expectSwitch("GitHub", true);
    const providers = createProviders(client, { owner: "org" });
    await vi.waitFor(async () =>
      expect(await providers.active()).toEqual({ ids: ["13"], isInherited: false }),
    );
    await page.click("Show GitHub on the login page", "switch");
    await page.expectSwitch("GitHub", false);
    await page.click("Use the policy of the instance");
    await page.waitForText("inherits the policy");
  });

  test("shows the change at once, and reverts it if the call fails", async () => {
    await createProviders(client, { owner: "org" }).activate("13", { createPolicy: true });
    await using page = await fixture.openConnected();
    await page.expectSwitch("GitHub", true);
    const rpc = "RemoveIDPFromLoginPolicy";
    const slow = fixture.emulator.inject({ rpc, fault: { type: "delay", ms: 3000 } });
    await page.click("Show GitHub on the login page", "switch");
    await page.expectSwitch("GitHub", false);
    expect(fixture.emulator.log.some((request) => request.rpc === rpc)).toBe(false);
    await vi.waitFor(
      () => expect(fixture.emulator.log.some((each) => each.rpc === rpc)).toBe(true),
      { timeout: 10_000 },
    );
    slow.remove();
    await vi.waitFor(
      async () => expect(await page.isDisabled("Show GitHub on the login page")).toBe(false),
      { timeout: 10_000 },
    );
    fixture.emulator.inject({
      rpc: "AddIDPToLoginPolicy",
      fault: { type: "status", code: Code.PermissionDenied, message: "not allowed" },
    });
    await page.click("Show GitHub on the login page", "switch");
    await page.waitForText("not allowed");
    await page.expectSwitch("GitHub", false);
  });
});

describe("a deletion", () => {
  test("counts the linked users that the user names, and is rejected without a confirmation", async () => {
    await using page = await fixture.openConnected();
    await page.click("Delete Acme Okta");
    await page.fill("User IDs to check", "301, 302");
    await page.click("Count linked users");
    await page.waitForText("1 of 2 users are linked.");
    expect(await page.isDisabled("Delete", "button")).toBe(true);
    await page.click("Delete it even if users are linked", "checkbox");
    await page.click("Delete");
    await page.waitForText("Deleted Acme Okta.");
    await page.expectProviders("Acme directory", "Entra ID", "GitHub", "Google");
    expect(await page.page.evaluate(() => document.activeElement?.id)).toBe("providers-heading");
  });

  test("needs no confirmation if none of the users is linked", async () => {
    await using page = await fixture.openConnected();
    await page.click("Delete GitHub");
    await page.fill("User IDs to check", "301");
    await page.click("Count linked users");
    await page.waitForText("0 of 1 users are linked.");
    await page.click("Delete");
    await page.waitForText("Deleted GitHub.");
  });

  test("reports a user ID that does not exist", async () => {
    await using page = await fixture.openConnected();
    await page.click("Delete GitHub");
    await page.fill("User IDs to check", "999");
    await page.click("Count linked users");
    await page.waitForText('no user with the id "999"');
    await page.click("Cancel");
    await page.expectDialog(false);
  });
});

describe("the login policy", () => {
  test("of the instance is changed without losing its other settings", async () => {
    const before = (await client.admin.getLoginPolicy({})).policy;
    await using page = await fixture.openConnected();
    await page.select("Organization", "instance");
    await page.expectProviders("Entra ID", "Google");
    await page.waitForText("The policy of the instance.");
    const isAllowed = await page.isChecked("Allow sign-in with providers");
    await page.click("Allow sign-in with providers", "switch");
    await vi.waitFor(async () => {
      const { policy } = await client.admin.getLoginPolicy({});
      expect(policy).toEqual({
        ...before,
        allowExternalIdp: !isAllowed,
        details: policy?.details,
      });
    });
  });
});

describe("the findings", () => {
  test("name mistakes that ZITADEL accepts, and are updated after a change", async () => {
    await using page = await fixture.openConnected();
    const finding =
      "Acme Okta, options: ZITADEL asks each new user to create an account or to link one.";
    await page.waitForText(finding);
    await page.click("Edit Acme Okta");
    await page.page.waitForSelector("#field-name");
    await page.click("Allow linking accounts", "checkbox");
    await page.click("Save");
    await page.waitForText("Saved Acme Okta.");
    await vi.waitFor(async () => expect(await page.text()).not.toContain(finding), {
      timeout: 10_000,
    });
  });
});

describe("the organizations", () => {
  test("are all organizations of the instance, and the list shows the providers of the chosen one", async () => {
    await using page = await fixture.openConnected();
    await page.page.waitForSelector("header select option");
    await page.select("Organization", "200");
    await page.expectProviders("Entra ID", "GitLab", "Google");
    await page.click("Edit GitLab");
    await page.page.waitForSelector("#field-name");
    await page.fillField("name", "Beta GitLab");
    await page.click("Save");
    await page.expectProviders("Beta GitLab", "Entra ID", "Google");
    await page.select("Organization", "100");
    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
  });

  test("are only that of the user if the user has no role on the instance", async () => {
    const { createEmulator } = await import("zitadel-idp/emulator");
    const { consoleSeed } = await import("./console-fixture.js");
    await using emulator = createEmulator({
      seed: {
        ...consoleSeed,
        serviceUsers: [
          {
            name: "owner",
            organization: "Beta",
            token: "token-of-beta",
            organizationRoles: { Beta: ["ORG_OWNER"] },
          },
        ],
      },
    });
    const { url } = await emulator.listen();
    await using page = await fixture.openPage();
    await page.page.goto(
      `${fixture.siteUrl}/?own#url=${encodeURIComponent(url)}&token=token-of-beta`,
    );
    await page.expectProviders("Entra ID", "GitLab", "Google");
    await page.page.waitForSelector("header select option");
    expect(
      await page.page.$$eval("header select option", (all) => all.map((each) => each.label)),
    ).toEqual(["Beta"]);
  });
});
