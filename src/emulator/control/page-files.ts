import type { WireResponse } from "../wire/http-message.js";

/** The responses with the files of the page, by path below `/ui/`. */
export type PageFiles = ReadonlyMap<string, WireResponse>;

/** Returns the response to a request below `/_emulator`, or undefined if it asks for no file of the page. */
export function findPageFile(
  page: PageFiles,
  method: string,
  path: string,
): WireResponse | undefined {
  if (method !== "GET" || !(path === "/ui" || path.startsWith("/ui/"))) {
    return undefined;
  }
  if (path === "/ui") {
    return { status: 308, headers: [["location", "/_emulator/ui/"]] };
  }
  return page.get(path.slice("/ui/".length) || "index.html");
}
