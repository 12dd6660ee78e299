import type { HeaderField } from "./http-message.js";

/** Creates the headers by which the server forbids to cache a response. The services set `expires` to the current time. */
export function createNoStoreHeaders(expires: Date = new Date()): HeaderField[] {
  return [
    ["cache-control", "no-store"],
    ["expires", expires.toUTCString()],
    ["pragma", "no-cache"],
  ];
}
