import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createEmulator } from "zitadel-idp/emulator";
import { findPageFile, type PageFiles } from "../../src/emulator/control/page-files.js";
import { readPageFiles } from "../../src/emulator/control/read-page-files.js";
import { sendRaw } from "../support/raw-http.js";

const scratch = mkdtempSync(join(tmpdir(), "zitadel-idp-page-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Writes a package like `@zitadel-idp/ui`, and returns the address of its module. */
function writePackage(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(scratch, name, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }
  const module = join(scratch, name, "index.mjs");
  writeFileSync(module, 'export const folder = new URL("./dist/", import.meta.url);\n');
  return pathToFileURL(module).href;
}

describe("the files of the page", () => {
  let page: PageFiles;
  beforeAll(async () => {
    page = await readPageFiles(
      writePackage("built", {
        "dist/index.html": "<!doctype html>",
        "dist/assets/index-1.js": "1;",
        "dist/assets/index-1.css": "a {}",
        "secret.txt": "outside of the folder",
      }),
    );
  });

  test.each([
    ["/ui/", "text/html; charset=utf-8", "no-cache"],
    ["/ui/index.html", "text/html; charset=utf-8", "no-cache"],
    ["/ui/assets/index-1.js", "text/javascript; charset=utf-8", /immutable/],
    ["/ui/assets/index-1.css", "text/css; charset=utf-8", /immutable/],
  ])(
    "%s has its type, its time to live, and headers that keep other code out",
    (path, type, cache) => {
      const { status, headers = [] } = findPageFile(page, "GET", path) ?? {};
      expect(status).toBe(200);
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-type": type,
        "cache-control": expect.stringMatching(cache) as string,
        "x-content-type-options": "nosniff",
        "content-security-policy": expect.stringMatching(
          /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'$/,
        ) as string,
      });
      expect(JSON.stringify(headers)).not.toContain("unsafe");
    },
  );

  test("are at a path that ends with a slash, so that relative addresses work", () => {
    expect(findPageFile(page, "GET", "/ui")).toMatchObject({
      status: 308,
      headers: [["location", "/_emulator/ui/"]],
    });
  });

  test.each([
    "/ui/secret.txt",
    "/ui/../secret.txt",
    "/ui/%2e%2e/secret.txt",
    "/ui/assets/../../secret.txt",
    "/ui//etc/passwd",
    "/ui/__proto__",
    "/uix",
  ])("do not include %s", (path) => {
    expect(findPageFile(page, "GET", path)).toBeUndefined();
  });

  test("are for GET only", () => {
    expect(findPageFile(page, "POST", "/ui/")).toBeUndefined();
  });
});

describe("the package of the page", () => {
  test("is named with the command that installs it, if it is missing", async () => {
    await expect(readPageFiles("@zitadel-idp/missing")).rejects.toThrow(
      'not installed: run "npm install --save-dev @zitadel-idp/missing"',
    );
  });

  test("is named with the command that builds it, if it has no files", async () => {
    const name = writePackage("unbuilt", { "README.md": "no page" });
    await expect(readPageFiles(name)).rejects.toThrow(
      `is not built: run "npm run build -w ${name}"`,
    );
  });
});

describe("without ui, the control API", () => {
  test("names the option that serves the page", async () => {
    await using emulator = createEmulator();
    const { url } = await emulator.listen({ control: true });
    const response = await fetch(`${url}/_emulator/ui/`);
    expect([response.status, await response.text()]).toEqual([
      404,
      expect.stringContaining("--ui"),
    ]);
  });

  test.each([
    { headers: { host: "evil.example" } },
    { headers: { host: "localhost", origin: "https://evil.example" } },
  ])("takes no calls with $headers", async ({ headers }) => {
    await using emulator = createEmulator();
    const { port } = await emulator.listen({ control: true });
    for (const path of ["/_emulator/ui/", "/_emulator/calls/admin/v1/idps/templates/_search"]) {
      expect(await sendRaw(port, { method: "GET", path, headers })).toMatchObject({ status: 403 });
    }
  });
});
