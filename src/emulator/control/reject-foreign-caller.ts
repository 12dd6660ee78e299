import { isLoopback } from "../../utils/is-loopback.js";
import { firstHeader, type WireRequest } from "../wire/http-message.js";

/**
 * Returns the reason why a request may not use the control API, or undefined if it may. Only programs of this machine may: the
 * connection comes from this machine, the host name is one of this machine, which a page that resolves its own name to 127.0.0.1 does
 * not have, and no page of another origin sent it.
 */
export function rejectForeignCaller({
  isLocal,
  authority,
  headers,
}: WireRequest): string | undefined {
  if (isLocal !== true || !isLoopback(toHostname(authority))) {
    return "the control API answers on this machine only: use http://127.0.0.1 and the port of the emulator";
  }
  const origin = firstHeader(headers, "origin");
  const isForeign =
    origin !== undefined && !(URL.canParse(origin) && isLoopback(new URL(origin).hostname));
  return isForeign ? "the control API does not answer pages of other origins" : undefined;
}

function toHostname(authority: string): string {
  const url = `http://${authority}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}
