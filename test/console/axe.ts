import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect } from "vitest";
import type { ConsolePage } from "./console-page.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Expects that axe finds nothing wrong with what a page shows. */
export async function expectAccessible(page: ConsolePage): Promise<void> {
  const violations = await runAxe(page);
  expect(
    violations.map(({ id, nodes }) => [
      id,
      ...nodes.map(({ html, failureSummary }) => [html, failureSummary]),
    ]),
  ).toEqual([]);
}

/** Returns what axe finds wrong with a page. */
export async function runAxe({ page }: ConsolePage): Promise<AxeResults["violations"]> {
  await page.evaluate(axe);
  const results = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;
  return results.violations;
}

/** Returns true if the page or a dialog is wider than the screen. */
export async function isTooWide({ page }: ConsolePage): Promise<boolean> {
  return await page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("dialog[open]")].some(
      ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
    ),
  );
}

/** Reads the size from the header of a PNG. */
export function sizeOfPng(bytes: Buffer): { readonly width: number; readonly height: number } {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
