import { gzipSync } from "node:zlib";
import type { HTTPRequest, HTTPResponse } from "puppeteer-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ManifestChunk } from "./console-site.js";
import { type ConsoleFixture, startConsoleFixture } from "./console-fixture.js";

/** The budget for all files that the list of providers needs, in bytes after gzip. The limit is 150 KB, that is 150,000 bytes. */
const budget = 146_000;

let fixture: ConsoleFixture;

beforeAll(async () => {
  fixture = await startConsoleFixture();
});

afterAll(async () => await fixture?.[Symbol.asyncDispose]());

/** Returns the files that these chunks of the console import statically, with their own. */
function filesOf(entries: readonly string[]): Set<string> {
  const found = new Set<ManifestChunk>();
  const add = (key: string): void => {
    const chunk = fixture.manifest[key];
    if (chunk === undefined) {
      throw new Error(`the console has no chunk ${key}`);
    }
    if (!found.has(chunk)) {
      found.add(chunk);
      chunk.imports?.forEach(add);
    }
  };
  entries.forEach(add);
  return new Set([...found].flatMap(({ file, css = [] }) => [file, ...css]));
}

test("shows the list of providers with less than 150 KB of files", async () => {
  await using page = await fixture.openPage();
  await page.waitForText("ZITADEL URL");
  const files = filesOf(["index.html", "src/console-page.tsx"]);
  const loading: Promise<number>[] = [];
  const later: HTTPRequest[] = [];
  let isMeasured = false;
  await page.page.setCacheEnabled(false);
  await page.page.setRequestInterception(true);
  page.page.on("request", (request) => {
    const path = new URL(request.url()).pathname.slice(1);
    const isNeeded =
      !request.url().startsWith(fixture.siteUrl) || path === "" || files.has(path) || isMeasured;
    if (isNeeded) {
      void request.continue();
    } else {
      // The list must show without this file.
      later.push(request);
    }
  });
  const onResponse = (response: HTTPResponse): void => {
    if (response.url().startsWith(fixture.siteUrl)) {
      loading.push(response.buffer().then((body) => gzipSync(body).byteLength));
    }
  };
  page.page.on("response", onResponse);
  const fragment = new URLSearchParams({ url: fixture.baseUrl, token: fixture.emulator.token });
  await page.page.goto(`${fixture.siteUrl}/?list#${fragment.toString()}`, {
    waitUntil: "domcontentloaded",
  });
  await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
  // The login policy, the findings and the choice of the organization load after the list.
  await vi.waitFor(() => expect(later.length).toBeGreaterThanOrEqual(3));
  page.page.off("response", onResponse);
  const total = (await Promise.all(loading)).reduce((sum, size) => sum + size, 0);
  console.info(`first load of the console: ${total} bytes after gzip, in ${loading.length} files`);
  expect(loading.length).toBe(files.size + 1);
  expect(total).toBeLessThanOrEqual(budget);
  isMeasured = true;
  await Promise.all(later.map((request) => request.continue()));
  await page.waitForText("Login policy");
});

test.each([360, 1280])("nothing moves while the page loads at %i pixels", async (width) => {
  await using page = await fixture.openPage();
  await page.page.setViewport({ width, height: 800 });
  await page.page.evaluateOnNewDocument(() => {
    const shifts: number[] = [];
    Object.assign(globalThis, { shifts });
    new PerformanceObserver((list) =>
      shifts.push(...list.getEntries().map((entry) => (entry as unknown as Shift).value)),
    ).observe({ type: "layout-shift", buffered: true });
  });
  const fragment = new URLSearchParams({ url: fixture.baseUrl, token: fixture.emulator.token });
  await page.page.goto(`${fixture.siteUrl}/?moves#${fragment.toString()}`);
  await page.expectProviders("Acme directory", "Acme Okta", "Entra ID", "GitHub", "Google");
  await page.waitForText("Findings");
  const shifts = await page.page.evaluate(
    () => (globalThis as unknown as { shifts: number[] }).shifts,
  );
  // The limit of a good page by Core Web Vitals.
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.1);
});

/** An entry of the Layout Instability API, which the types of the DOM do not have. */
interface Shift {
  readonly value: number;
}
