import { describe, expect, test } from "vitest";
import { expandPathTemplate } from "../../src/rest/expand-path-template.js";
import { matchPathTemplate } from "../../src/rest/match-path-template.js";
import { parsePathTemplate } from "../../src/rest/path-template.js";

/** Creates a small generator with a seed, so that failures are reproducible. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const alphabet = [..."abzAZ09-_.~ !\"#$%&'()*+,/:;<=>?@[\\]^`{|}äß世😀\t\n\0", "%2F", "%2e", "..."];

describe("an expanded path matches its template", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("with the seed %i", (seed) => {
    const pick = random(seed);
    const text = (slashes: boolean): string =>
      Array.from({ length: 1 + pick(8) }, () => alphabet[pick(alphabet.length)] ?? "")
        .join("")
        .replaceAll("/", slashes ? "/" : "_");
    for (let round = 0; round < 500; round++) {
      const names = ["a", "b.c", "d_1", "e"].slice(0, pick(5));
      const wild = pick(names.length + 2);
      const values: string[] = [];
      const parts = names.map((name, index) => {
        const literal = pick(2) === 0 ? "" : "lit/";
        if (index === wild) {
          const pieces = text(true).split("/");
          values.push(literal + pieces.map((piece) => piece || "x").join("/"));
          return `{${name}=${literal}**}`;
        }
        values.push(literal === "" ? text(true) : literal + text(false));
        return literal === "" ? `{${name}}` : `{${name}=${literal}*}`;
      });
      const verb = pick(2) === 0 ? "" : ":do:it";
      const source = `/${["v1", ...parts, ...(pick(2) === 0 ? [] : ["tail"])].join("/")}${verb}`;
      const template = parsePathTemplate(source);
      const path = expandPathTemplate(template, values);
      expect(path, source).toMatch(/^\/[-\w.~%/:]+$/);
      const pieces = (path ?? "").slice(1).split("/").map(decodeURIComponent);
      expect(matchPathTemplate(template, pieces), source).toEqual(
        Object.fromEntries(names.map((name, index) => [name, values[index]])),
      );
    }
  });
});

describe("matchPathTemplate", () => {
  test.each<[template: string, path: string, values: Record<string, string> | undefined]>([
    ["/", "/", {}],
    ["/", "/a", undefined],
    ["/a", "/a", {}],
    ["/a", "/a/", undefined],
    ["/a", "/A", undefined],
    ["/a%20b", "/a b", {}],
    ["/a/{id}", "/a/1", { id: "1" }],
    ["/a/{id}", "/a/", { id: "" }],
    ["/a/{id}", "/a", undefined],
    ["/a/{id}", "/a/1/2", undefined],
    ["/a/{id}/b", "/a//b", { id: "" }],
    ["/a/{id}", "/a/x:y", { id: "x:y" }],
    ["/a/{id}:y", "/a/x:y", { id: "x" }],
    ["/a/{id}:y", "/a/:y", undefined],
    ["/a/{id}:y", "/a/x", undefined],
    ["/a/{id}:y:z", "/a/x:y:z", { id: "x" }],
    ["/{a=x/*}/y/{b}", "/x/1/y/2", { a: "x/1", b: "2" }],
    ["/{a=**}", "/", { a: "" }],
    ["/{a=**}", "/x/y", { a: "x/y" }],
    ["/a/{r=**}/z", "/a/z", { r: "" }],
    ["/a/{r=**}/z/{b}", "/a/1/2/z/3", { r: "1/2", b: "3" }],
  ])("%s against %s", (template, path, values) => {
    expect(matchPathTemplate(parsePathTemplate(template), path.slice(1).split("/"))).toEqual(
      values,
    );
  });
});
