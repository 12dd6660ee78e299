/**
 * The last step of `npm run docs`, run in the folder of the package: searches the built reference in a real browser, opened as a file, because the pages must work
 * without a server. Fails if a search does not find its page, and if no browser starts here, unless `--allow-missing browser` accepts that.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "puppeteer-core";
import { launchChromium } from "../browser/chromium.js";

/** The searches, and the page that must be among the first three results. */
const searches: readonly (readonly [text: string, page: string])[] = [
  ["AUTH-7fs1e", "documents/docs_errors.html"],
  ["ORG-Dqrg1", "documents/docs_errors.html"],
  ["connectTimeoutMs", "interfaces/zitadel-idp_transport_grpc.GrpcTransportOptions.html"],
  ["createIdpClient", "functions/zitadel-idp.createIdpClient.html"],
  ["rotate secret", "documents/docs_guides_rotate-a-secret.html"],
  ["withTelemetry", "functions/zitadel-idp_otel.withTelemetry.html"],
];

const { values } = parseArgs({ options: { "allow-missing": { type: "string" } } });
const allowed = values["allow-missing"];
if (allowed !== undefined && allowed !== "browser") {
  throw new Error(`--allow-missing: there is no ${allowed}; there is browser`);
}

const { browser, name, reasons, close } = await launchChromium();
if (browser === undefined) {
  console.error(`the search is not checked, because no browser starts here: ${reasons.join("; ")}`);
  if (allowed === undefined) {
    console.error(
      "set CHROMIUM_PATH to a Chromium, or accept that: npm run docs -- --allow-missing browser",
    );
    process.exitCode = 1;
  }
} else {
  const page = await browser.newPage();
  const failed: string[] = [];
  try {
    for (const [text, expected] of searches) {
      const found = (await search(page, text)).slice(0, 3);
      if (!found.some((address) => address.includes(expected))) {
        failed.push(`a search for ${text} finds ${found.join(", ") || "nothing"}`);
      }
    }
  } finally {
    await close();
  }
  failed.forEach((problem) => console.error(problem));
  console.log(`${searches.length} searches without a server, ${failed.length} failed (${name})`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

/** Returns the addresses that a search on the first page finds. */
async function search(page: Page, text: string): Promise<string[]> {
  await page.goto(pathToFileURL(resolve("dist-docs/index.html")).href);
  await page.keyboard.press("/");
  await page.waitForSelector("#tsd-search[open]");
  // The status is empty when the index is loaded.
  await page.waitForFunction(
    () => document.querySelector("#tsd-search-status")?.textContent?.trim() === "",
  );
  return await page.evaluate(async (query) => {
    const results = document.querySelector("#tsd-search-results");
    const input = document.querySelector<HTMLInputElement>("#tsd-search-input");
    if (results === null || input === null) {
      throw new Error("the page has no search");
    }
    const changed = new Promise((report) =>
      new MutationObserver(report).observe(results, { childList: true }),
    );
    input.value = query;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await changed;
    return [...results.querySelectorAll("a")].map((link) => link.href);
  }, text);
}
