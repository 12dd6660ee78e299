import { throwInvalidOption } from "../../utils/option-error.js";
import type { SocketOptions } from "./socket-options.js";

/** Throws a TypeError that names the option if `proxy` or `tls` is set where `fetch` opens the connections. */
export function rejectSocketOptions({ proxy, tls }: SocketOptions, reason: string): void {
  for (const [option, value] of Object.entries({ proxy, tls })) {
    if (value !== undefined) {
      throwInvalidOption(option, reason);
    }
  }
}

/** The reason why `proxy` and `tls` are rejected beside the option `fetch`. */
export const ownFetchReason: string = "has no effect with the option fetch; set it there";

/** Returns the reason why `proxy` and `tls` are rejected in a runtime without sockets. */
export function describeMissingSockets(runtime: string): string {
  return `is not available in ${runtime}; leave it out`;
}
