import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, launch } from "puppeteer-core";
import { launchChromium } from "../browser/chromium.js";
import { findOrInstallProgram } from "../support/debian-programs.js";
import type { Report, Setup } from "./program/driver.js";
import { NotAvailableError } from "./row.js";
import { serve, type TestServer } from "./serve.js";

/** The place in a browser where a script runs. */
export type ScriptContext = "page" | "worker";

/** Browsers, each started on first use, and a site with all bundles. */
export interface Browsers extends AsyncDisposable {
  chromium(): Promise<OpenBrowser>;
  firefox(): Promise<OpenBrowser>;
  /** Runs the driver of a bundle. */
  drive(browser: OpenBrowser, bundle: string, place: ScriptContext, setup: Setup): Promise<Report>;
}

export interface OpenBrowser {
  readonly browser: Browser;
  readonly version: string;
  close(): Promise<void>;
}

export async function createBrowsers(directory: string): Promise<Browsers> {
  const site = await serveSite(directory);
  const opened: Promise<OpenBrowser>[] = [];
  const once = (open: () => Promise<OpenBrowser>) => {
    let browser: Promise<OpenBrowser> | undefined;
    return () => {
      if (browser === undefined) {
        browser = open();
        opened.push(browser);
      }
      return browser;
    };
  };
  return {
    chromium: once(openChromium),
    firefox: once(openFirefox),
    async drive({ browser }, bundle, place, setup) {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      try {
        await page.goto(`${site.url}/${bundle}/`);
        if (errors.length > 0) {
          throw new Error(errors.join("\n"));
        }
        return place === "page"
          ? await page.evaluate((given) => globalThis.driveHere(given), setup)
          : await page.evaluate((given) => globalThis.driveInWorker(given, "page.js"), setup);
      } finally {
        await page.close();
      }
    },
    async [Symbol.asyncDispose]() {
      const browsers = await Promise.allSettled(opened);
      await Promise.all(
        browsers.map(async (each) => each.status === "fulfilled" && (await each.value.close())),
      );
      await site[Symbol.asyncDispose]();
    },
  };
}

async function openChromium(): Promise<OpenBrowser> {
  const { browser, reasons, close } = await launchChromium();
  if (browser === undefined) {
    throw new NotAvailableError(reasons.join("; "));
  }
  return { browser, version: versionIn(await browser.version()), close };
}

/** If several browsers are open at the end of this process, puppeteer-core ends only every second one. */
const ending = new AbortController();
process.on("exit", () => ending.abort());

const firefox = {
  name: "Firefox",
  commands: ["firefox", "firefox-esr"],
  debianPackage: "firefox-esr",
};

async function openFirefox(): Promise<OpenBrowser> {
  const { FIREFOX_PATH } = process.env;
  // npm has no Firefox; Debian has one.
  const executablePath = FIREFOX_PATH || (await findOrInstallProgram(firefox));
  const { signal } = ending;
  const browser = await launch({ browser: "firefox", executablePath, headless: true, signal });
  return {
    browser,
    version: versionIn(await browser.version()),
    close: () => browser.close(),
  };
}

/** "HeadlessChrome/147.0.1" → "147.0.1" */
function versionIn(product: string): string {
  return product.replace(/^.*\//, "");
}

/** Serves `/NAME/` as a page that loads the bundle of that name. */
async function serveSite(directory: string): Promise<TestServer> {
  return await serve(({ url = "" }, response) => {
    if (url.endsWith("/")) {
      // webpack looks up the URL of its script, which only works for classic scripts.
      const type = url.includes("webpack") ? "text/javascript" : "module";
      const head = '<!doctype html><link rel="icon" href="data:,">';
      response.setHeader("content-type", "text/html");
      response.end(`${head}<script type="${type}" src="page.js"></script>`);
      return;
    }
    readFile(join(directory, url)).then(
      (content) => response.setHeader("content-type", "text/javascript").end(content),
      () => response.writeHead(404).end(),
    );
  });
}
