import { readFileSync } from "node:fs";
import type { Browser } from "puppeteer-core";
import { createEmulator, type Emulator, type EmulatorSeed } from "zitadel-idp/emulator";
import { requireChromium } from "../browser/chromium.js";
import { type ConsoleSite, serveConsole } from "./console-site.js";
import { ConsolePage } from "./console-page.js";

/** The seed of `npm run console`. */
export const consoleSeed = JSON.parse(
  readFileSync(new URL("../../examples/console/seed.json", import.meta.url), "utf8"),
) as EmulatorSeed;

/** The console in a real browser, in front of an emulator with the seed of `npm run console`. */
export interface ConsoleFixture extends AsyncDisposable {
  readonly browser: Browser;
  readonly emulator: Emulator;
  /** The URL of the emulator. */
  readonly baseUrl: string;
  /** The URL of the console. */
  readonly siteUrl: string;
  /** The chunks of the console. */
  readonly manifest: ConsoleSite["manifest"];
  /** Opens a page without a connection. */
  openPage(): Promise<ConsolePage>;
  /** Opens a page with a connection, and waits for the list. */
  openConnected(token?: string): Promise<ConsolePage>;
}

/** Starts everything. Throws if no browser can be started. */
export async function startConsoleFixture(): Promise<ConsoleFixture> {
  const found = await requireChromium();
  const { browser } = found;
  const emulator = createEmulator({ seed: consoleSeed });
  const [{ url: baseUrl }, site] = await Promise.all([emulator.listen(), serveConsole()]);
  const openPage = async (path = ""): Promise<ConsolePage> => {
    // A context of its own, without the cookies of other tests.
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    const opened = new ConsolePage(page, site.url);
    await page.setViewport({ width: 1280, height: 900 });
    await page.goto(`${site.url}/${path}`);
    return opened;
  };
  return {
    browser,
    emulator,
    baseUrl,
    siteUrl: site.url,
    manifest: site.manifest,
    openPage: async () => await openPage(),
    async openConnected(token = emulator.token) {
      const fragment = new URLSearchParams({ url: baseUrl, token });
      const page = await openPage(`#${fragment.toString()}`);
      await page.waitForText("providers");
      return page;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([found.close(), emulator.close(), site[Symbol.asyncDispose]()]);
    },
  };
}
