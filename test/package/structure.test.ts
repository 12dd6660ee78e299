import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  findCircles,
  findExtraAliases,
  findLayerProblems,
  findMisnamedFiles,
  findSharedExports,
  findSharedFileNames,
  findTwoWayFolders,
  findUnusedExports,
  parseModules,
  readSources,
  sourcesOf,
  type Aliases,
  type Target,
} from "../../tools/structure.mjs";

/** The folders of src, lowest layer first. A file imports from its own folder, its own layer and lower layers. */
const layers = [
  ["utils", "descriptor"],
  ["zitadel"],
  ["formats", "redact", "rest", "call"],
  ["hints"],
  ["auth", "transport"],
  ["policy"],
  ["services"],
  ["runtime"],
  ["options"],
  ["root"],
  ["otel"],
  ["providers"],
  ["lint", "forms", "query", "whoami"],
  ["doctor"],
  ["emulator"],
  ["cli"],
];

/** Files that are named after their subject instead of their export: the client, and each transport after its wire protocol. */
const namedAfterSubject = [
  "src/client.ts",
  "src/transport/grpc-web.ts",
  "src/transport/grpc.ts",
  "src/transport/json.ts",
];

interface Manifest {
  readonly exports: Readonly<Record<string, Target>>;
  readonly imports: Aliases;
}

describe("src", () => {
  const { exports, imports: aliases } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as Manifest;
  const entries = [
    "src/cli/main.ts",
    // docs/checks.md is generated from this file.
    "src/doctor/check-catalogue.ts",
    ...Object.values(exports).flatMap(sourcesOf),
  ];
  const modules = parseModules(readSources(["src"]), aliases);
  const users = parseModules(readSources(["gen", "tools", "bench", "examples"]));
  const tests = parseModules(readSources(["test"]));

  test("has no circles of imports", () => {
    expect(findCircles(modules)).toEqual([]);
  });

  test("has layers that import lower layers only", () => {
    expect(findLayerProblems(modules, layers)).toEqual([]);
  });

  test("has no sibling folders that import each other", () => {
    expect(findTwoWayFolders(modules)).toEqual([]);
  });

  test("has one file of each name", () => {
    expect(findSharedFileNames(modules)).toEqual([]);
  });

  test("has files named after the function or class that they export alone", () => {
    expect(findMisnamedFiles(modules, [...entries, ...namedAfterSubject])).toEqual([]);
  });

  test("declares each exported name once", () => {
    expect(findSharedExports(modules, aliases)).toEqual([]);
  });

  test("exports only names that another file uses", () => {
    // The rule of retries, whose table the tests compare with recordings.
    const known = "src/policy/classify/already-done.ts exports isAlreadyDone,";
    const problems = findUnusedExports(modules, users, entries, tests);
    expect(problems.filter((problem) => !problem.startsWith(known))).toEqual([]);
  });

  test("chooses one file by condition: the runtime", () => {
    expect(findExtraAliases(aliases)).toEqual([]);
  });
});

describe("the checks find", () => {
  const aliases = {
    "#runtime": { node: "./dist/src/a/node.js", default: "./dist/src/a/fetch.js" },
  };
  const twoLayers = [["a", "b", "root"], ["c"]];

  test.each([
    ['import { b } from "./b.js";', 'export { a } from "./a.js";'],
    ['import type { b } from "./b.js";', 'type A = import("./a.js").A;'],
    ['await import("./b.js");', 'import "./a.js";'],
  ])("a circle: %s and %s", (a, b) => {
    const modules = parseModules({ "src/a.ts": a, "src/b.ts": b });
    expect(findCircles(modules)).toEqual([
      "src/a.ts imports src/b.ts imports src/a.ts: move what both need into a file of its own",
    ]);
  });

  test("a circle through each file of #runtime", () => {
    const modules = parseModules(
      {
        "src/a/client.ts": 'import { runtime } from "#runtime";',
        "src/a/fetch.ts": 'import type { Client } from "./client.js";',
        "src/a/node.ts": 'import "./services.js";',
        "src/a/services.ts": 'export * from "./client.js";',
      },
      aliases,
    );
    expect(findCircles(modules)).toEqual([
      expect.stringContaining("client.ts imports src/a/fetch.ts imports src/a/client.ts:"),
      expect.stringContaining("node.ts imports src/a/services.ts imports src/a/client.ts:"),
    ]);
  });

  test("an import of a higher layer, with the files of both ends", () => {
    const modules = parseModules({
      "src/a/low.ts": 'import type { High } from "../c/high.js";',
      "src/c/high.ts": 'import "../a/other.js"; import "./near.js";',
    });
    expect(findLayerProblems(modules, twoLayers)).toEqual([
      "src/a/low.ts imports src/c/high.ts, but a is below c: move what it needs to a or lower",
    ]);
  });

  test("folders without a layer", () => {
    const modules = parseModules({ "src/a/one.ts": "", "src/new/file.ts": "", "src/root.ts": "" });
    expect(findLayerProblems(modules, twoLayers)).toEqual([
      "src/new has no layer: add it to the table in structure.test.ts",
    ]);
  });

  test("sibling folders that import each other, at every depth", () => {
    const modules = parseModules({
      "src/a/one.ts": 'import "../b/one.js"; import "./inner/one.js";',
      "src/a/inner/one.ts": 'import "../deep/more/one.js"; import "../two.js";',
      "src/a/deep/more/one.ts": 'import "./two.js";',
      "src/a/deep/two.ts": 'import type { One } from "../inner/one.js";',
      "src/b/two.ts": 'import "../a/inner/two.js";',
      "src/root.ts": 'import "./a/one.js";',
    });
    expect(findTwoWayFolders(modules)).toEqual([
      "src/a/one.ts imports src/b/one.ts, and src/b/two.ts imports src/a/inner/two.ts: remove one direction",
      "src/a/deep/two.ts imports src/a/inner/one.ts, and src/a/inner/one.ts imports src/a/deep/more/one.ts: remove one direction",
    ]);
  });

  test("files of the same name, except index.ts and commands named after their operation", () => {
    const paths = [
      "src/cli/commands/add.ts",
      "src/cli/commands/find.ts",
      "src/cli/commands/files.ts",
      "src/cli/files.ts",
      "src/cli/options.ts",
      "src/cli/index.ts",
      "src/providers/add.ts",
      "src/providers/find.ts",
      "src/providers/index.ts",
      "src/providers/options.ts",
      "src/whoami/find.ts",
    ];
    const modules = parseModules(Object.fromEntries(paths.map((path) => [path, ""])));
    expect(findSharedFileNames(modules)).toEqual([
      "src/cli/commands/find.ts and src/providers/find.ts and src/whoami/find.ts have the same name: name each after what it exports",
      "src/cli/commands/files.ts and src/cli/files.ts have the same name: name each after what it exports",
      "src/cli/options.ts and src/providers/options.ts have the same name: name each after what it exports",
    ]);
  });

  test("files with one function or class that are named after something else", () => {
    const sources = {
      "src/api-key.ts": "export class APIKey {} export interface Options {}",
      "src/both.ts": "export function one() {} export const two = () => 2;",
      "src/cli/commands/add.ts": "export function createAddCommand() {}",
      "src/exempt.ts": "export function other() {}",
      "src/limits.ts": "export interface Limits {} export function readAll() {}",
      "src/passed-on.ts": 'export { one } from "./both.js"; export function two() {}',
      "src/pause.ts": "export function choosePauseMs() {}",
      "src/read-file.ts":
        "export function readFile(): void; export function readFile(path?: string) {}",
      "src/table.ts": "export const rows = [1];",
      "src/token-server.ts": "export const findServer = () => 1; export type Server = string;",
      "src/user.ts": "export function createUser() {}",
      "src/wrong.ts": "function user() {} export class Right {}",
    };
    expect(findMisnamedFiles(parseModules(sources), ["src/exempt.ts"])).toEqual([
      "src/token-server.ts exports only findServer: name the file after it",
      "src/wrong.ts exports only Right: name the file after it",
    ]);
  });

  test("names that two files declare, but not names that a file passes on or that a runtime chooses", () => {
    const modules = parseModules(
      {
        "src/a/fetch.ts": "export const runtime = 1;",
        "src/a/node.ts": "export const runtime = 2;",
        "src/a/one.ts": "export interface Options {} export class One {}",
        "src/a/two.ts":
          'import { One } from "./one.js"; export type { Options } from "./one.js"; export { One };',
        "src/a/three.ts": "type Own = 1; export type { Own as Options };",
      },
      aliases,
    );
    expect(findSharedExports(modules, aliases)).toEqual([
      "src/a/one.ts and src/a/three.ts each export Options: rename one, or import it from the other",
    ]);
  });

  test("exports that only their own file or tests use, unless they are public", () => {
    const modules = parseModules({
      "src/index.ts":
        'export * from "./passed-on.js"; export { named } from "./mixed.js"; export const own = 1;',
      "src/mixed.ts":
        "export const named = 1, tested = 2, lazy = 3; export type Unused = typeof named;",
      "src/whole.ts": "export const spaced = 1, passed = 2; export const unused = 3;",
      "src/receiver.ts": "export function receive(whole) { return whole.passed; }",
      "src/passed-on.ts": "export function any() {}",
      "src/user.ts":
        'import { receive } from "./receiver.js"; import * as whole from "./whole.js"; receive(whole); whole.spaced;',
      "src/loader.ts": 'import { lazy } from "./mixed.js";',
    });
    const tests = parseModules({
      "test/some.test.ts": 'import { tested } from "../src/mixed.js";',
    });
    expect(findUnusedExports(modules, new Map(), ["src/index.ts"], tests)).toEqual([
      "src/mixed.ts exports tested, which only tests import: test it through its users",
      "src/mixed.ts exports Unused, which no other file imports: remove the export",
      "src/whole.ts exports unused, which no other file imports: remove the export",
    ]);
  });

  test("names in package.json other than #runtime", () => {
    expect(findExtraAliases({ ...aliases, "#json": "./dist/lazy/json.js" })).toEqual([
      "package.json has #json in imports: import the file by its relative path",
    ]);
  });
});
