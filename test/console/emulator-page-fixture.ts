import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createEmulator, type Emulator } from "zitadel-idp/emulator";
import { requireChromium } from "../browser/chromium.js";
import { ConsolePage } from "./console-page.js";
import { consoleSeed } from "./console-fixture.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** An emulator with the seed of `npm run ui` and its page in a real browser. */
export interface EmulatorPageFixture extends AsyncDisposable {
  readonly emulator: Emulator;
  /** The URL of the emulator for clients. */
  readonly baseUrl: string;
  /** The URL of the page. */
  readonly pageUrl: string;
  /** Opens a view of the page, or of the page of another emulator. */
  openView(view: string, url?: string): Promise<ConsolePage>;
}

/** Builds the page as `npm run ui` does, and starts everything. Throws if no browser can be started. */
export async function startEmulatorPageFixture(): Promise<EmulatorPageFixture> {
  // A process of its own, because the tests set NODE_ENV, by which React chooses its build.
  await promisify(execFile)(process.execPath, ["ui/build.mjs"], {
    cwd: root,
    env: { ...process.env, NODE_ENV: "production" },
  });
  const found = await requireChromium();
  const { browser } = found;
  const emulator = createEmulator({ seed: consoleSeed });
  const { url: baseUrl, port } = await emulator.listen({ ui: true });
  const pageUrl = `http://127.0.0.1:${port}/_emulator/ui/`;
  return {
    emulator,
    baseUrl,
    pageUrl,
    async openView(view, url = pageUrl) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      const opened = new ConsolePage(page, url);
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(`${url}#${view}`);
      await page.waitForSelector("main section");
      return opened;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([found.close(), emulator.close()]);
    },
  };
}
