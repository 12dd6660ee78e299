import type { HeaderField } from "./http-message.js";

/** Creates the headers by which the server forbids to cache a response. */
export function createNoStoreHeaders(): HeaderField[] {
  return [
    ["cache-control", "no-store"],
    ["expires", new Date().toUTCString()],
    ["pragma", "no-cache"],
  ];
}
