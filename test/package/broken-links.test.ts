import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findBrokenLinks } from "../../tools/docs/broken-links.mjs";

describe("the check of the links of the reference", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "zitadel-idp-links-"));
    write("index.html", '<h1 id="top">Index</h1>');
    write("a b/page.html", '<p id="part&amp;1">Part</p>');
    write("style.css", "");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  test.each([
    ["page.html", '<a href="index.html">a page</a>'],
    ["page.html", '<a href="index.html#top">an element</a>'],
    ["page.html", '<a class="x" href="a%20b/page.html#part&amp;1">a name with a space</a>'],
    ["deep/page.html", '<a href="../index.html?x=1#top">a page above</a>'],
    ["page.html", '<a href="#own">an element of the page</a><p id="own"></p>'],
    ["page.html", '<link href="style.css"><img src="style.css">'],
    ["page.html", '<a href="https://acme.example/none">another site</a>'],
    ["page.html", '<a href="#">the top</a>'],
  ])("accepts in %s: %s", (path, text) => {
    write(path, text);
    expect(findBrokenLinks(folder)).toEqual({ pages: 3, broken: [] });
  });

  test.each([
    ["page.html", '<a href="none.html">x</a>', "page.html: none.html leads nowhere"],
    ["page.html", '<a href="index.html#none">x</a>', "page.html: index.html#none leads nowhere"],
    ["page.html", '<a href="#none">x</a>', "page.html: #none leads nowhere"],
    ["page.html", '<script src="none.js"></script>', "page.html: none.js leads nowhere"],
    ["deep/page.html", '<a href="index.html">x</a>', "deep/page.html: index.html leads nowhere"],
  ])("reports in %s: %s", (path, text, problem) => {
    write(path, text);
    expect(findBrokenLinks(folder).broken).toEqual([problem]);
  });
});
