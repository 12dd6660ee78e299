import type { Runtime } from "../runtime/runtime.js";
import {
  rejectSocketOptions,
  ownFetchReason,
  describeMissingSockets,
} from "../transport/socket/reject-socket-options.js";
import type { AllOptions } from "./all-options.js";

/** Checks the options for sockets, which are rejected where `fetch` opens the connections. */
export function checkSockets(
  options: AllOptions,
  baseUrl: URL | undefined,
  { name, sockets }: Runtime,
): void {
  if (options.fetch !== undefined) {
    rejectSocketOptions(options, ownFetchReason);
  } else if (sockets === undefined) {
    rejectSocketOptions(options, describeMissingSockets(name));
  } else if (baseUrl !== undefined) {
    sockets.check(baseUrl, options, options.allowInsecureAuth === true);
  }
}
