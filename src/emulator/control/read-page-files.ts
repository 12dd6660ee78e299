import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { errorCodeOf } from "../../utils/error-codes.js";
import type { HeaderList, WireResponse } from "../wire/http-message.js";
import type { PageFiles } from "./page-files.js";

/** The package with the page. The import uses this variable, so that bundlers of the emulator do not look for the package. */
const pagePackage: string = "@zitadel-idp/ui";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/**
 * The headers of each file. The page may run only its own code and call only the emulator, and no other page may show it in a frame.
 */
const securityHeaders: HeaderList = [
  [
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["referrer-policy", "no-referrer"],
  ["x-content-type-options", "nosniff"],
];

/**
 * Reads all files of the package `@zitadel-idp/ui`. A request gets one of these or nothing, so that no path reaches another file.
 *
 * Rejects with an error that names the command to run if the package is not installed or not built.
 */
export async function readPageFiles(name: string = pagePackage): Promise<PageFiles> {
  const folder = fileURLToPath(await findFolder(name));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<[string, WireResponse]> => {
        const file = join(entry.parentPath, entry.name);
        const path = relative(folder, file).split(sep).join("/");
        return [path, toResponse(path, await readFile(file))];
      }),
  );
  const page: PageFiles = new Map(files);
  if (!page.has("index.html")) {
    throw new Error(`the page of ${name} is not built: run "npm run build -w ${name}"`);
  }
  return page;
}

async function findFolder(name: string): Promise<URL> {
  try {
    const { folder } = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as {
      folder: URL;
    };
    return folder;
  } catch (cause) {
    if (errorCodeOf(cause) === "ERR_MODULE_NOT_FOUND") {
      throw new Error(
        `the package ${name}, which has the page, is not installed: run "npm install --save-dev ${name}"`,
        { cause },
      );
    }
    throw cause;
  }
}

function toResponse(path: string, content: Buffer): WireResponse {
  // Vite puts a hash of the content into the names of these files.
  const isImmutable = path.startsWith("assets/");
  return {
    status: 200,
    headers: [
      ["content-type", contentTypes[extname(path)] ?? "application/octet-stream"],
      ["cache-control", isImmutable ? "private, max-age=31536000, immutable" : "no-cache"],
      ...securityHeaders,
    ],
    body: new Uint8Array(content),
  };
}
