import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIdpClient } from "zitadel-idp";
import { createProviders } from "zitadel-idp/providers";
import { expectAccessible, isTooWide, runAxe, sizeOfPng } from "./axe.js";
import type { ConsolePage } from "./console-page.js";
import { type ConsoleFixture, startConsoleFixture } from "./console-fixture.js";

let fixture: ConsoleFixture;

beforeAll(async () => {
  fixture = await startConsoleFixture();
  await using client = createIdpClient({ baseUrl: fixture.baseUrl, auth: fixture.emulator.token });
  await createProviders(client, { owner: "org" }).activate("11", { createPolicy: true });
});

afterAll(async () => await fixture?.[Symbol.asyncDispose]());

/** The views of the console, and the steps from a page to each. */
const views: Readonly<Record<string, (page: ConsolePage) => Promise<void>>> = {
  "the list": async (page) => await page.waitForText("Findings"),
  "the choice of a type": async (page) => await page.click("Add a provider"),
  "a form with problems": async (page) => {
    await page.click("Add a provider");
    await page.click("LDAP");
    await page.click("Save");
    await page.page.waitForSelector("form [role=alert]");
  },
  "a form with rows": async (page) => {
    await page.click("Add a provider");
    await page.click("ZITADEL");
    await page.click("Add a row");
  },
  "a deletion": async (page) => await page.click("Delete GitHub"),
};

const screens = ["light", "dark"].flatMap((scheme) =>
  [1280, 360].map((width) => ({ scheme, width })),
);

describe.each(screens)("in $scheme at $width px", ({ scheme, width }) => {
  const show = async (page: ConsolePage): Promise<void> => {
    await page.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.page.setViewport({ width, height: 800 });
  };

  test.each(Object.entries(views))("%s has no violations of axe and fits", async (_, open) => {
    await using page = await fixture.openConnected();
    await show(page);
    await open(page);
    await expectAccessible(page);
    expect(await isTooWide(page)).toBe(false);
  });

  test("the sign-in has no violations of axe and fits", async () => {
    await using page = await fixture.openPage();
    await show(page);
    await page.waitForText("ZITADEL URL");
    await expectAccessible(page);
    await page.click("With an access token", "radio");
    await expectAccessible(page);
    expect(await isTooWide(page)).toBe(false);
  });
});

test("axe finds what is wrong with a page", async () => {
  await using page = await fixture.openPage();
  await page.waitForText("ZITADEL URL");
  await page.page.evaluate(() => {
    document.querySelectorAll("label[for]").forEach((label) => label.remove());
  });
  expect((await runAxe(page)).map(({ id }) => id)).toContain("label");
});

/** The images of the README and the documents, which `UPDATE_IMAGES=1 npx vitest run test/console` writes. */
const images = [
  { name: "console-list.png", scheme: "light", width: 900, height: 500, view: "the list" },
  {
    name: "console-form.png",
    scheme: "dark",
    width: 420,
    height: 720,
    view: "a form with problems",
  },
] as const;

describe("the image", () => {
  test.each(images)("$name shows the console, and is small", async (image) => {
    const { name, scheme, width, height, view } = image;
    await using page = await fixture.openConnected();
    await page.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.page.setViewport({ width, height });
    await views[view]?.(page);
    const taken = await page.page.screenshot();
    const path = fileURLToPath(new URL(`../../docs/images/${name}`, import.meta.url));
    if (process.env["UPDATE_IMAGES"]) {
      await writeFile(path, taken);
    }
    const committed = await readFile(path);
    for (const { byteLength } of [taken, committed]) {
      expect(byteLength).toBeGreaterThan(5_000);
      expect(byteLength).toBeLessThan(60_000);
    }
    expect(sizeOfPng(committed)).toEqual({ width, height });
  });
});
