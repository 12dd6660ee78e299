import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsoleFixture, startConsoleFixture } from "./console-fixture.js";
import { type LoginServer, serveWithLogin } from "./zitadel-with-login.js";

let fixture: ConsoleFixture;
let zitadel: LoginServer;

beforeAll(async () => {
  fixture = await startConsoleFixture();
  zitadel = await serveWithLogin({
    apiUrl: fixture.baseUrl,
    apiToken: fixture.emulator.token,
    clientId: "console",
    redirectUri: `${fixture.siteUrl}/`,
  });
});

afterAll(async () => {
  await zitadel?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

describe("the sign-in on the login page", () => {
  test("uses PKCE and the scopes of ZITADEL's API, keeps no token, and ends with a reload", async () => {
    await using page = await fixture.openPage();
    await page.fill("ZITADEL URL", zitadel.url);
    await page.fill("Client ID", "console");
    await page.click("Sign in");

    // The login page of oidc-provider.
    await page.page.waitForSelector("input[name=login]");
    await page.page.type("input[name=login]", "ada");
    await page.page.type("input[name=password]", "any");
    await page.page.click("button[type=submit]");
    await page.page.waitForFunction(() => document.body.innerText.includes("Authorize"));
    await page.page.click("button[type=submit]");

    await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
    expect(page.page.url()).toBe(`${fixture.siteUrl}/`);
    const [request] = zitadel.requests;
    expect(Object.fromEntries(request ?? [])).toMatchObject({
      client_id: "console",
      response_type: "code",
      code_challenge_method: "S256",
      scope: "openid urn:zitadel:iam:org:project:id:zitadel:aud",
      redirect_uri: `${fixture.siteUrl}/`,
    });
    expect(
      await page.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
    ).toBe("[{},{}]");
    await page.page.reload();
    await page.waitForText("ZITADEL URL");
  });

  test("shows the error that the login page sends back", async () => {
    await using page = await fixture.openPage();
    await page.fill("ZITADEL URL", zitadel.url);
    await page.fill("Client ID", "console");
    await page.click("Sign in");
    await page.page.waitForFunction(() => location.pathname.startsWith("/interaction/"));
    await page.page.waitForSelector("a[href$='/abort']");
    await page.page.click("a[href$='/abort']");
    await page.page.waitForSelector("[role=alert]");
    expect(await page.page.$eval("[role=alert]", (each) => each.textContent)).toMatch(
      /authorization response|access_denied|End-User aborted/i,
    );
    expect(page.page.url()).toBe(`${fixture.siteUrl}/`);
  });

  test("is rejected if this tab did not begin it", async () => {
    await using page = await fixture.openPage();
    await page.page.goto(`${fixture.siteUrl}/?code=stolen&state=other`);
    await page.waitForText("begun in another tab");
    expect(page.page.url()).toBe(`${fixture.siteUrl}/`);
  });
});
