import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { AdminService } from "zitadel-idp/admin";
import { ManagementService } from "zitadel-idp/management";
import { httpBindings } from "../../gen/http-bindings.js";
import { permissions } from "../../gen/permissions.js";
import { documentedErrorIds } from "../../src/cli/errors/documented-error-ids.js";
import { readDeclaredAnchors } from "../../tools/read-declared-anchors.mjs";
import { formatRpcReference } from "../../tools/rpc-reference.mjs";
import { root } from "../support/snippets.js";

const rpcs = readFileSync(join(root, "docs/rpcs.md"), "utf8");
const errors = readFileSync(join(root, "docs/errors.md"), "utf8");

/** Returns the row of docs/rpcs.md that is expected for a method, from the generated code. */
function rowOf(method: DescMethod): string {
  const rpc = `${method.parent.typeName}/${method.name}`;
  const member = rpc.startsWith("zitadel.admin.") ? "admin" : "management";
  const [verb, path] = httpBindings[rpc] ?? [];
  const isRetried = method.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN;
  return [
    `[${method.name}](#${method.name.toLowerCase()})`,
    member,
    `\`${verb} /${member}/v1${path}\``,
    `\`${permissions[rpc]}\``,
    isRetried ? "always" : "if not begun",
  ].join(" | ");
}

describe("docs/rpcs.md", () => {
  test("is what npm run generate writes from the protos", async () => {
    expect(await formatRpcReference(readDeclaredAnchors(errors))).toBe(rpcs);
  });

  test("lists the 97 RPCs with their routes, permissions and retries", () => {
    const rows = Array.from(rpcs.matchAll(/^\| (\[\w+\]\(#\w+\).*) \|$/gm), ([, row = ""]) =>
      row
        .split("|")
        .map((cell) => cell.trim())
        .join(" | "),
    );
    const methods = [...ManagementService.methods, ...AdminService.methods];
    expect(methods.length).toBe(97);
    expect(rows.toSorted()).toEqual(methods.map(rowOf).toSorted());
  });
});

/** An id of an error of ZITADEL. */
const errorId = /\b(?:ADMIN|AUTHZ?|COMMAND|INST|INSTANCE|LIMITS|ORG|Org|QUERY|QUOTA|SQL|V3)-\w+/g;

/** Returns the ids in the TypeScript files of a folder of src, or in one file. */
function idsIn(path: string): string[] {
  const files = path.endsWith(".ts")
    ? [path]
    : readdirSync(join(root, path)).map((name) => `${path}/${name}`);
  const texts = files.map((file) => readFileSync(join(root, file), "utf8"));
  return texts.flatMap((text) => text.match(errorId) ?? []);
}

describe("docs/errors.md", () => {
  const declared = Array.from(
    errors.matchAll(/<a id="([^"]+)"><\/a>([\w-]+)/g),
    ([, anchor = "", id = ""]) => ({ anchor, id }),
  );
  const ids = declared.map(({ id }) => id);

  test("has one anchor for each id, in lower case", () => {
    expect(declared.map(({ anchor }) => anchor)).toEqual(ids.map((id) => id.toLowerCase()));
    expect(new Set(declared.map(({ anchor }) => anchor)).size).toBe(declared.length);
  });

  test("explains the ids that the command line refers to, and no others", () => {
    expect([...documentedErrorIds]).toEqual(ids);
  });

  test.each([
    "src/hints",
    "src/policy/classify",
    "src/emulator/errors",
    "src/emulator/authorize.ts",
    "src/emulator/wire",
  ])("explains each id that %s knows", (path) => {
    const known = idsIn(path);
    expect(known.length).toBeGreaterThan(0);
    expect(known.filter((id) => !documentedErrorIds.has(id))).toEqual([]);
  });

  test("explains each id of docs/rpcs.md, except those of blank fields", () => {
    const isOfBlankField = /only white space\s\([^)]*\)/g;
    const withoutLinks = rpcs.replaceAll(/\]\([^)]*\)/g, "]");
    const named = withoutLinks.replaceAll(isOfBlankField, "").match(errorId) ?? [];
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((id) => !documentedErrorIds.has(id))).toEqual([]);
  });

  test("has a section with text for each id", () => {
    const sections = errors.split(/^### /m).slice(1);
    const unexplained = sections.filter((section) => section.split("\n\n").length < 4);
    expect(unexplained).toEqual([]);
  });
});
