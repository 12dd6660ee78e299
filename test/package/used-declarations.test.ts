import { expect, test } from "vitest";
import { keepUsedDeclarations } from "../../tools/used-declarations.mjs";

/** Returns what is left of declarations of which users import "index.d.ts". */
function keep(texts: Record<string, string>): Record<string, string> {
  return keepUsedDeclarations(texts, ["index.d.ts"]);
}

test("keeps what an entry exports, with its comments, and what that mentions", () => {
  const used = `/** A {@link Part}. */\nexport interface Whole {\n  part: Part;\n}\ntype Part = string;\n`;
  expect(
    keep({
      "index.d.ts": `export type { Whole } from "./whole.js";\n`,
      "whole.d.ts": `${used}/** Unused. */\nexport declare const other: Unused;\ninterface Unused {}\n`,
    }),
  ).toEqual({
    "index.d.ts": `export type { Whole } from "./whole.js";\n`,
    "whole.d.ts": used,
  });
});

test("removes imports and exports of unused names, and files of which nothing is left", () => {
  expect(
    keep({
      "index.d.ts": `import { type Used } from "./names.js";\nexport declare function find(): Used;\n`,
      "names.d.ts": `import type { Outside, Unused } from "./deep/unused.js";\nexport { type Outside as Used, type Unused };\n`,
      "deep/unused.d.ts": `import type { Message } from "@bufbuild/protobuf";\nimport type { Lost } from "../lost.js";\nexport type Outside = Message;\nexport type Unused = Lost;\n`,
      "lost.d.ts": `export type Lost = 1;\n`,
    }),
  ).toEqual({
    "index.d.ts": `import { type Used } from "./names.js";\nexport declare function find(): Used;\n`,
    "names.d.ts": `import type { Outside } from "./deep/unused.js";\nexport { type Outside as Used };\n`,
    "deep/unused.d.ts": `import type { Message } from "@bufbuild/protobuf";\nexport type Outside = Message;\n`,
  });
});

test("follows export * and import() to everything that the other file exports", () => {
  const texts = {
    "index.d.ts": `export * from "./all.js";\nexport type Load = () => Promise<typeof import("./loaded.js")>;\n`,
    "all.d.ts": `export declare class First {\n}\nexport declare enum Second {\n}\n`,
    "loaded.d.ts": `export declare const a: string;\n`,
  };
  expect(keep(texts)).toEqual(texts);
});

test("keeps references, and names that another file exports by export *", () => {
  expect(
    keep({
      "index.d.ts": `/// <reference lib="esnext.disposable" preserve="true" />\nimport type { Unused } from "./unused.js";\nimport { A } from "./all.js";\nimport * as oauth from "oauth4webapi";\nimport * as jose from "jose";\nexport declare const a: A | oauth.Client;\n`,
      "all.d.ts": `export * from "./a.js";\nexport * from "./unused.js";\n`,
      "a.d.ts": `export type A = typeof import("@bufbuild/protobuf");\n`,
      "unused.d.ts": `export type Unused = 1;\n`,
    }),
  ).toEqual({
    "index.d.ts": `/// <reference lib="esnext.disposable" preserve="true" />\n\nimport { A } from "./all.js";\nimport * as oauth from "oauth4webapi";\nexport declare const a: A | oauth.Client;\n`,
    "all.d.ts": `export * from "./a.js";\n`,
    "a.d.ts": `export type A = typeof import("@bufbuild/protobuf");\n`,
  });
});

test.each([
  `declare global {\n}\n`,
  `declare module "x" {\n}\n`,
  `import * as all from "./all.js";\n`,
  `import all from "./all.js";\n`,
  `export * as all from "./all.js";\n`,
  `export default function find(): void;\n`,
])("rejects what it cannot shorten: %j", (text) => {
  expect(() => keep({ "index.d.ts": text })).toThrow(/^index\.d\.ts: \w+ is not supported/);
});

test("names the file that it cannot parse", () => {
  expect(() => keep({ "index.d.ts": "export type = ;" })).toThrow(/^index\.d\.ts: /);
});
