import { gzipSync } from "node:zlib";
import type { HTTPRequest, HTTPResponse } from "puppeteer-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ConsoleWorld, startConsoleWorld } from "./console-world.js";

/** The budget for all files that the list of providers needs, in bytes after gzip: 150 KB in the units of `npm run size`. */
const budget = 150 * 1024;

let world: ConsoleWorld;

beforeAll(async () => {
  world = await startConsoleWorld();
});

afterAll(async () => await world?.[Symbol.asyncDispose]());

/**
 * The parts that the list does not need: those below and beside it with what only they import, and the texts of errors, which load
 * with the first call. The test holds them back, so a part that the list does need cannot be among them.
 */
const isLater = (url: string): boolean =>
  /\/(?:owner-select|login-policy-panel|use-query|file|failure-code)-(?!desc)/.test(url);

test("loads at most 150 KB for the list of providers", async () => {
  await using page = await world.openPage();
  await page.waitForText("ZITADEL URL");
  const loading: Promise<number>[] = [];
  const later: HTTPRequest[] = [];
  await page.page.setCacheEnabled(false);
  await page.page.setRequestInterception(true);
  page.page.on("request", (request) => {
    // The list must show although these do not load.
    if (isLater(request.url())) {
      later.push(request);
    } else {
      void request.continue();
    }
  });
  const onResponse = (response: HTTPResponse): void => {
    if (response.url().startsWith(world.siteUrl)) {
      loading.push(response.buffer().then((body) => gzipSync(body).byteLength));
    }
  };
  page.page.on("response", onResponse);
  const fragment = new URLSearchParams({ url: world.baseUrl, token: world.emulator.token });
  await page.page.goto(`${world.siteUrl}/?list#${fragment.toString()}`, {
    waitUntil: "domcontentloaded",
  });
  await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
  await vi.waitFor(() => expect(later.length).toBeGreaterThanOrEqual(5));
  page.page.off("response", onResponse);
  const total = (await Promise.all(loading)).reduce((sum, size) => sum + size, 0);
  console.info(`first load of the console: ${total} bytes after gzip, in ${loading.length} files`);
  expect(total).toBeLessThanOrEqual(budget);
  await Promise.all(later.map((request) => request.continue()));
  await page.waitForText("Login policy");
});
