import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { document, originOf, readDocument } from "../../tools/regexes.mjs";
import { regexesIn, regexesOf } from "../../tools/regexes-in.mjs";

const text = readFileSync(new URL(`../../${document}`, import.meta.url), "utf8");
const sources = regexesIn();
const inSources = sources.map((each) => `${each.path} ${each.text}`);

test("each regular expression of the sources was measured: npm run regexes", () => {
  const listed = readDocument(text);
  expect(inSources.filter((each) => !listed.has(each))).toEqual([]);
  expect([...listed.keys()].filter((each) => !inSources.includes(each))).toEqual([]);
});

test("each takes less than its limit for 64 KB of its worst input", () => {
  expect([...readDocument(text)].filter(([, worstMs]) => !(worstMs <= 20))).toEqual([]);
});

test("none is built at run time, where it cannot be measured", () => {
  expect(sources.filter(({ isDynamic }) => isDynamic)).toEqual([]);
  expect(regexesOf("const a: RegExp = new RegExp(`${b}`); RegExp('c'); /d/g;")).toMatchObject([
    { isDynamic: true },
    { isDynamic: true },
    { text: "/d/g", isDynamic: false },
  ]);
});

test("each file names the source of the texts that its expressions read", () => {
  expect(sources.map(({ path }) => originOf(path))).not.toContain(undefined);
  expect(() => originOf("src/new/file.ts")).toThrow("whose texts");
});
