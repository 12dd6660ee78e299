import { isLoopback } from "../../utils/is-loopback.js";
import { findFirstHeader, type WireRequest } from "../wire/http-message.js";

/**
 * Returns the reason why a request may not use the control API, or undefined if it may. Only programs and pages of this machine may.
 *
 * The check of the host name stops a page of the internet whose own name resolves to 127.0.0.1. The check of the origin stops all
 * other pages of the internet.
 */
export function findAccessProblem({
  isLocal,
  authority,
  headers,
}: WireRequest): string | undefined {
  if (isLocal !== true || !isLoopback(toHostname(authority))) {
    return "the control API answers on this machine only: use http://127.0.0.1 and the port of the emulator";
  }
  const origin = findFirstHeader(headers, "origin");
  const isForeign =
    origin !== undefined && !(URL.canParse(origin) && isLoopback(new URL(origin).hostname));
  return isForeign ? "the control API answers pages of this machine only" : undefined;
}

function toHostname(authority: string): string {
  const url = `http://${authority}`;
  return URL.canParse(url) ? new URL(url).hostname : "";
}
